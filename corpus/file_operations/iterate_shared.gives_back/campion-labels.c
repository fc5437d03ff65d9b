// SPDX-License-Identifier: GPL-2.0-only
/// Two blocks are read by the same call, and labels in the wrong order leave the first one behind; the second is given back.
#include <linux/buffer_head.h>
#include <linux/methods.h>

int campion_check(const void *map, const void *names);
int campion_statfs(struct dentry *dentry, struct kstatfs *buf);

static int campion_iterate(struct file *file, void *context)
{
	struct inode *dir = file->f_inode;
	struct buffer_head *first, *map, *names;
	int err = -EIO;

	first = sb_bread(dir->i_sb, 0);
	if (!first)
		return -EIO;	/* ok: iterate_shared.gives_back */
	map = sb_bread(dir->i_sb, 1);
	if (!map)
		goto drop_first;
	names = sb_bread(dir->i_sb, 2);
	if (!names)
		goto drop_map;
	err = campion_check(map->b_data, names->b_data);
	if (err < 0)
		goto drop_names;
	brelse(names);
	brelse(map);
	brelse(first);
	return 0;	/* ok: iterate_shared.gives_back */
drop_map:
	brelse(map);
	goto drop_first;
drop_names:
	brelse(names);
drop_first:
	brelse(first);
	return err;	/* violates: iterate_shared.gives_back */
}

const struct file_operations campion_fops = {
	.iterate_shared = campion_iterate,
};

const struct super_operations campion_sops = {
	.statfs = campion_statfs,
};
