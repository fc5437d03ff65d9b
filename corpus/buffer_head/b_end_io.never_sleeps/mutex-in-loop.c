// SPDX-License-Identifier: GPL-2.0-only
/// The completion of a buffer, which runs in an interrupt, takes a mutex.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

struct lime_queue {
	struct mutex lock;
	int waiting;
};

static void lime_end_io(struct buffer_head *bh, int uptodate)
{
	struct lime_queue *queue = bh->b_private;

	while (queue->waiting > 0) {
		mutex_lock(&queue->lock);	/* violates: b_end_io.never_sleeps */
		queue->waiting--;
		mutex_unlock(&queue->lock);
	}
	unlock_buffer(bh);
}

void lime_submit(struct buffer_head *bh);

void lime_submit(struct buffer_head *bh)
{
	bh->b_end_io = lime_end_io;
}
