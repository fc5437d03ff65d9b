// SPDX-License-Identifier: GPL-2.0-only
/// What stands in a member is the function's own until it ends well, where helpers give it back behind that.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct bistort_info { struct inode *map, *log; int plain; };

struct inode *iget_locked(struct super_block *sb, unsigned long ino);
void iput(struct inode *inode);
int bistort_check(struct super_block *sb);

static int bistort_load(struct inode *map)
{
	return map->i_private ? 0 : -EIO;
}

static void bistort_free(struct inode *map)
{
	if (map)
		iput(map);
}

static int bistort_mount(struct super_block *sb, struct bistort_info *info)
{
	struct inode *map = NULL;
	int err;

	if (info->plain) {
		map = iget_locked(sb, 2);
		if (!map)
			return -EIO;	/* ok: mkdir.gives_back */
		info->map = map;
		err = bistort_load(map);
		if (err)
			goto out;
	} else {
		info->map = NULL;
	}
	err = bistort_check(sb);
	if (err)
		goto out_map;
	return err;	/* ok: mkdir.gives_back */

out_map:
	if (map)
		bistort_free(map);
out:
	return err;	/* violates: mkdir.gives_back moderate */
}

static int bistort_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return bistort_mount(dir->i_sb, dir->i_private);
}

const struct inode_operations bistort_iops = { .mkdir = bistort_mkdir };
