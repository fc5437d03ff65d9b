// SPDX-License-Identifier: GPL-2.0-only
/// A failed read is put on a list, under a lock that saves the flags; the report is left to a process.
// Kernel: 6.12
// Source: shape of the code after f621324dfb3d ("iomap: fix lockdep complaint when reads fail")
#include <linux/fs.h>

struct catalpa_queue {
	spinlock_t lock;
	struct buffer_head *failed;
	int work;
};

static void catalpa_report(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	inode->i_nlink++;
	spin_unlock(&inode->i_lock);
}

void catalpa_work(struct catalpa_queue *queue);

void catalpa_work(struct catalpa_queue *queue)
{
	spin_lock_irq(&queue->lock);
	catalpa_report(queue->failed->b_private);
	spin_unlock_irq(&queue->lock);
}

static void catalpa_end_io(struct buffer_head *bh, int uptodate)
{
	struct catalpa_queue *queue = bh->b_private;
	unsigned long flags;

	if (!uptodate) {
		spin_lock_irqsave(&queue->lock, flags);	/* ok: b_end_io.irq_safe */
		queue->failed = bh;
		schedule_work(&queue->work);
		spin_unlock_irqrestore(&queue->lock, flags);
		return;
	}
	unlock_buffer(bh);	/* ok: b_end_io.irq_safe */
}

void catalpa_submit(struct buffer_head *bh);

void catalpa_submit(struct buffer_head *bh)
{
	bh->b_end_io = catalpa_end_io;
}
