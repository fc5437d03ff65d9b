// SPDX-License-Identifier: GPL-2.0-only
/// A courtesy lock is expired with flc_lock held, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/filelock.h>

static unsigned long ivy_seen;

void ivy_expire(struct file_lock_context *context, struct file_lock *lock)
{
	spin_lock(&context->flc_lock);
	lock->fl_lmops->lm_expire_lock();	/* violates: lm_expire_lock.callers low */
	spin_unlock(&context->flc_lock);
}

void ivy_expire_later(struct file_lock_context *context, struct file_lock *lock)
{
	spin_lock(&context->flc_lock);
	ivy_seen++;
	spin_unlock(&context->flc_lock);
	lock->fl_lmops->lm_expire_lock();	/* ok: lm_expire_lock.callers */
}
