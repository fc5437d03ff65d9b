// SPDX-License-Identifier: GPL-2.0-only
/// A failed read is reported three calls down under a lock that others take with interrupts on.
// Kernel: 6.12
// Fixable: no
// Source: shape of the code before f621324dfb3d ("iomap: fix lockdep complaint when reads fail")
#include <linux/fs.h>

static struct inode *zelkova_grab(struct inode *inode)
{
	struct inode *grabbed = NULL;

	spin_lock(&inode->i_lock);
	if (inode->i_nlink)
		grabbed = inode;
	spin_unlock(&inode->i_lock);
	return grabbed;
}

static void zelkova_report(struct inode *inode, int error)
{
	if (zelkova_grab(inode))
		printk("error %d", error);
}

static void zelkova_end_io(struct buffer_head *bh, int uptodate)
{
	if (!uptodate)
		zelkova_report(bh->b_private, -EIO);	/* violates: b_end_io.irq_safe low */
	unlock_buffer(bh);
}

void zelkova_submit(struct buffer_head *bh);

void zelkova_submit(struct buffer_head *bh)
{
	bh->b_end_io = zelkova_end_io;
}
