// SPDX-License-Identifier: GPL-2.0-only
/// What was locked with the flags saved is unlocked without them.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

static void willow_end_io(struct buffer_head *bh, int uptodate)
{
	spinlock_t *lock = bh->b_private;
	unsigned long flags;

	spin_lock_irqsave(lock, flags);
	if (!uptodate) {
		spin_unlock_irq(lock);	/* violates: b_end_io.irq_safe */
		return;
	}
	put_bh(bh);
	spin_unlock_irqrestore(lock, flags);	/* ok: b_end_io.irq_safe */
}

void willow_submit(struct buffer_head *bh);

void willow_submit(struct buffer_head *bh)
{
	bh->b_end_io = willow_end_io;
}
