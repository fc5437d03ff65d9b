// SPDX-License-Identifier: GPL-2.0-only
/// The helper saves the flags.
// Kernel: 6.12
#include <linux/fs.h>

static void cork_put(struct buffer_head *bh, spinlock_t *lock)
{
	unsigned long flags;

	spin_lock_irqsave(lock, flags);
	put_bh(bh);
	spin_unlock_irqrestore(lock, flags);
}

static void cork_end_io(struct buffer_head *bh, int uptodate)
{
	cork_put(bh, bh->b_private);	/* ok: b_end_io.irq_safe */
}

void cork_submit(struct buffer_head *bh);

void cork_submit(struct buffer_head *bh)
{
	bh->b_end_io = cork_end_io;
}
