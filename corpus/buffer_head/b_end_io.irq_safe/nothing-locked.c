// SPDX-License-Identifier: GPL-2.0-only
/// The completion needs no lock at all.
// Kernel: 6.12
#include <linux/fs.h>

static void ginkgo_end_io(struct buffer_head *bh, int uptodate)
{
	if (!uptodate)
		printk("error");
	unlock_buffer(bh);	/* ok: b_end_io.irq_safe */
	put_bh(bh);
}

void ginkgo_submit(struct buffer_head *bh);

void ginkgo_submit(struct buffer_head *bh)
{
	bh->b_end_io = ginkgo_end_io;
}
