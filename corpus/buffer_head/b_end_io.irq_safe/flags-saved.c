// SPDX-License-Identifier: GPL-2.0-only
/// The flags are saved and restored.
// Kernel: 6.12
#include <linux/fs.h>

static void balsa_end_io(struct buffer_head *bh, int uptodate)
{
	spinlock_t *lock = bh->b_private;
	unsigned long flags;

	spin_lock_irqsave(lock, flags);	/* ok: b_end_io.irq_safe */
	put_bh(bh);
	spin_unlock_irqrestore(lock, flags);
}

void balsa_submit(struct buffer_head *bh);

void balsa_submit(struct buffer_head *bh)
{
	bh->b_end_io = balsa_end_io;
}
