// SPDX-License-Identifier: GPL-2.0-only
/// Outside of a process the error is only noted, with the flags saved, and a work item writes it down.
// Kernel: 6.12
// Source: after the shape of the fixed 901c12d14457 ("f2fs: flush error flags in workqueue")
#include <linux/fs.h>

struct robinia_super {
	spinlock_t error_lock;
	unsigned int errors;
	int work;
};

static void robinia_handle_error(struct robinia_super *super, unsigned int flag)
{
	spin_lock_irq(&super->error_lock);
	super->errors |= flag;
	spin_unlock_irq(&super->error_lock);
}

static void robinia_handle_error_async(struct robinia_super *super, unsigned int flag)
{
	unsigned long flags;

	spin_lock_irqsave(&super->error_lock, flags);
	super->errors |= flag;
	spin_unlock_irqrestore(&super->error_lock, flags);
	schedule_work(&super->work);
}

static void robinia_fail(struct robinia_super *super, bool in_task)
{
	if (!in_task)
		robinia_handle_error_async(super, 1);
	else
		robinia_handle_error(super, 1);
}

static void robinia_end_io(struct buffer_head *bh, int uptodate)
{
	if (!uptodate)
		robinia_fail(bh->b_private, false);	/* ok: b_end_io.irq_safe */
	unlock_buffer(bh);
}

void robinia_submit(struct buffer_head *bh);

void robinia_submit(struct buffer_head *bh)
{
	bh->b_end_io = robinia_end_io;
}
