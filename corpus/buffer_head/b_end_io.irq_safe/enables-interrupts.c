// SPDX-License-Identifier: GPL-2.0-only
/// The unlock switches interrupts on, although they were off.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

static void walnut_end_io(struct buffer_head *bh, int uptodate)
{
	spinlock_t *lock = bh->b_private;

	spin_lock_irq(lock);	/* violates: b_end_io.irq_safe */
	put_bh(bh);
	spin_unlock_irq(lock);	/* violates: b_end_io.irq_safe */
	unlock_buffer(bh);
}

void walnut_submit(struct buffer_head *bh);

void walnut_submit(struct buffer_head *bh)
{
	bh->b_end_io = walnut_end_io;
}
