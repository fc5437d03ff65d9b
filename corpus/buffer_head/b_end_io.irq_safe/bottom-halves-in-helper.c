// SPDX-License-Identifier: GPL-2.0-only
/// A helper locks bottom halves out, which runs them when it is done.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

static void yew_count(spinlock_t *lock, int *count)
{
	spin_lock_bh(lock);
	++*count;
	spin_unlock_bh(lock);
}

static void yew_end_io(struct buffer_head *bh, int uptodate)
{
	int count = uptodate;

	yew_count(bh->b_private, &count);	/* violates: b_end_io.irq_safe */
	unlock_buffer(bh);
}

void yew_submit(struct buffer_head *bh);

void yew_submit(struct buffer_head *bh)
{
	bh->b_end_io = yew_end_io;
}
