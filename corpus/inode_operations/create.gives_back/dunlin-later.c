// SPDX-License-Identifier: GPL-2.0-only
/// A helper counts a reference down by itself, or queues the inode for who puts it later: its caller has nothing left.
// Kernel: 6.8
#include <linux/fs.h>

bool atomic_add_unless(int *v, int a, int u);
struct inode *ilookup(struct super_block *sb, unsigned long ino);
int dunlin_write(struct super_block *sb);

struct dunlin_node {
	struct dunlin_later {
		struct dunlin_later *next;
	} later;
	struct inode vfs_inode;
};

static struct dunlin_later *dunlin_first;

#define DUNLIN_I(inode) container_of(inode, struct dunlin_node, vfs_inode)

static void dunlin_put_later(struct inode *inode)
{
	if (atomic_add_unless(&inode->i_count, -1, 1))
		return;
	DUNLIN_I(inode)->later.next = dunlin_first;
	dunlin_first = &DUNLIN_I(inode)->later;
}

static int dunlin_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct inode *inode = ilookup(dir->i_sb, 7);
	int err;

	if (!inode)
		return -ENOENT;
	err = dunlin_write(dir->i_sb);
	if (err) {
		dunlin_put_later(inode);
		return err;	/* ok: create.gives_back */
	}
	if (dunlin_write(dir->i_sb) < 0)
		return -EIO;	/* violates: create.gives_back */
	iput(inode);
	return 0;	/* ok: create.gives_back */
}

const struct inode_operations dunlin_dir_operations = {
	.create = dunlin_create,
};
