// SPDX-License-Identifier: GPL-2.0-only
/// The next block is read into the variable that still holds the last one of the row before; behind a release it is not.
// Fixable: no
#include <linux/buffer_head.h>
#include <linux/methods.h>

struct campion_row { int rows; int blocks; char *names; };

int campion_empty(const void *data);
int campion_emit(void *context, const void *data);
int campion_statfs(struct dentry *dentry, struct kstatfs *buf);

static int campion_iterate(struct file *file, void *context)
{
	struct campion_row *row = file->private_data;
	struct inode *dir = file->f_inode;
	struct buffer_head *bh = NULL;
	int r, b;

	for (r = 0; r < row->rows; r++) {
		for (b = 0; b < row->blocks; b++) {
			bh = sb_bread(dir->i_sb, r + b);	/* violates: iterate_shared.gives_back moderate */
			if (!bh)
				return -EIO;	/* ok: iterate_shared.gives_back */
			if (campion_empty(bh->b_data))
				break;
			campion_emit(context, bh->b_data);
			brelse(bh);
			bh = NULL;
		}
	}
	return 0;
}

static int mullein_iterate(struct file *file, void *context)
{
	struct campion_row *row = file->private_data;
	struct inode *dir = file->f_inode;
	struct buffer_head *bh = NULL;
	int r, b;

	for (r = 0; r < row->rows; r++) {
		for (b = 0; b < row->blocks; b++) {
			brelse(bh);
			bh = sb_bread(dir->i_sb, r + b);	/* ok: iterate_shared.gives_back */
			if (!bh)
				return -EIO;
			if (campion_empty(bh->b_data))
				break;
			campion_emit(context, bh->b_data);
		}
	}
	brelse(bh);
	return 0;
}

const struct file_operations campion_fops = { .iterate_shared = campion_iterate };
const struct file_operations mullein_fops = { .iterate_shared = mullein_iterate };
const struct super_operations campion_sops = { .statfs = campion_statfs };
