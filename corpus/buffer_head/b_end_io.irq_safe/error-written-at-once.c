// SPDX-License-Identifier: GPL-2.0-only
/// The error is written down at once, under a lock that switches interrupts on again; no flag tells where this runs.
// Kernel: 6.12
// Fixable: no
// Source: after the shape of 901c12d14457 ("f2fs: flush error flags in workqueue"), a spinlock in the place of the semaphore
#include <linux/fs.h>

struct paulownia_super {
	spinlock_t error_lock;
	unsigned int errors;
};

static void paulownia_save_error(struct paulownia_super *super, unsigned int flag)
{
	spin_lock_irq(&super->error_lock);
	super->errors |= flag;
	spin_unlock_irq(&super->error_lock);
}

static void paulownia_handle_error(struct paulownia_super *super, unsigned int error)
{
	unsigned int flag = 0;

	switch (error) {
	case 0:
		break;
	case EUCLEAN:
		flag = 2;
		break;
	default:
		flag = 1;
	}
	paulownia_save_error(super, flag);
}

static void paulownia_end_io(struct buffer_head *bh, int uptodate)
{
	paulownia_handle_error(bh->b_private, uptodate ? 0 : EIO);	/* violates: b_end_io.irq_safe */
	unlock_buffer(bh);
}

void paulownia_submit(struct buffer_head *bh);

void paulownia_submit(struct buffer_head *bh)
{
	bh->b_end_io = paulownia_end_io;
}
