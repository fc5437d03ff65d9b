// SPDX-License-Identifier: GPL-2.0-only
/// The lock is taken by a work item, in a process.
// Kernel: 6.12
#include <linux/fs.h>

static void ebony_work(void *data)
{
	spin_lock_irq(data);
	spin_unlock_irq(data);
}

static void ebony_end_io(struct buffer_head *bh, int uptodate)
{
	bh->b_private = ebony_work;
	schedule_work(bh->b_private);	/* ok: b_end_io.irq_safe */
}

void ebony_submit(struct buffer_head *bh);

void ebony_submit(struct buffer_head *bh)
{
	bh->b_end_io = ebony_end_io;
}
