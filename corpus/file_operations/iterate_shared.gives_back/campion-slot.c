// SPDX-License-Identifier: GPL-2.0-only
/// A block stays referenced where it has a free slot, and then a slot was found: no way leads from there to the failure.
#include <linux/buffer_head.h>
#include <linux/methods.h>

#define CAMPION_NONE 0xdead

struct campion_dir { int blocks; int slots[64]; };

int campion_fill(void *context, const void *data, int slot);
int campion_statfs(struct dentry *dentry, struct kstatfs *buf);

static int campion_iterate(struct file *file, void *context)
{
	struct campion_dir *own = file->private_data;
	struct inode *dir = file->f_inode;
	struct buffer_head *bh = NULL, *free = NULL;
	unsigned int slot = CAMPION_NONE;
	int b, s;

	for (b = 0; b < own->blocks; b++) {
		bh = sb_bread(dir->i_sb, b);
		if (!bh) {
			brelse(free);
			return -EIO;	/* ok: iterate_shared.gives_back */
		}
		for (s = 0; s < 64; s++) {
			if (slot == CAMPION_NONE && !own->slots[s]) {
				slot = s;
				free = bh;
			}
		}
		if (bh != free)
			brelse(bh);
	}
	if (slot == CAMPION_NONE)
		return -ENOSPC;	/* ok: iterate_shared.gives_back */
	campion_fill(context, free->b_data, slot);
	brelse(free);
	return 0;	/* ok: iterate_shared.gives_back */
}

const struct file_operations campion_fops = {
	.iterate_shared = campion_iterate,
};

const struct super_operations campion_sops = {
	.statfs = campion_statfs,
};
