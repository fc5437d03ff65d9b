// SPDX-License-Identifier: GPL-2.0-only
/// What sleeps is left to a work item.
// Kernel: 6.12
#include <linux/fs.h>

static void maple_end_io(struct buffer_head *bh, int uptodate)
{
	schedule_work(bh->b_private);	/* ok: b_end_io.never_sleeps */
	unlock_buffer(bh);
}

void maple_submit(struct buffer_head *bh);

void maple_submit(struct buffer_head *bh)
{
	bh->b_end_io = maple_end_io;
}
