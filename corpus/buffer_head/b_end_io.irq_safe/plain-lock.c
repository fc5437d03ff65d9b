// SPDX-License-Identifier: GPL-2.0-only
/// A lock that leaves interrupts as they are: wrong only if others hold it with interrupts on.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

static void acacia_end_io(struct buffer_head *bh, int uptodate)
{
	spinlock_t *lock = bh->b_private;

	spin_lock(lock);	/* violates: b_end_io.irq_safe low */
	put_bh(bh);
	spin_unlock(lock);
}

void acacia_submit(struct buffer_head *bh);

void acacia_submit(struct buffer_head *bh)
{
	bh->b_end_io = acacia_end_io;
}
