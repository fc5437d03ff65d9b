// SPDX-License-Identifier: GPL-2.0-only
/// What a helper puts where it is told to is another one each time: that a loop has stored the last one says nothing of it.
// Kernel: 6.8
#include <linux/fs.h>

struct borage_row { struct inode *inode; };

struct inode *ilookup(struct super_block *sb, unsigned long ino);
int borage_map(struct inode *dir, int number);

static int borage_setup(struct inode *dir, int number, struct inode **out)
{
	struct inode *inode = ilookup(dir->i_sb, number);

	if (!inode)
		return -ENOENT;
	*out = inode;
	return 0;
}

static int borage_rows(struct inode *dir, struct borage_row *rows)
{
	struct inode *inode;
	int number, err;

	for (number = 0; number < 4; number++) {
		err = borage_setup(dir, number, &inode);
		if (err)
			return err;
		if (dir->i_size == number) {
			iput(inode);
			return -EAGAIN;
		}
		err = borage_map(dir, number);
		if (err) {
			iput(inode);
			return err;
		}
		rows[number].inode = inode;
	}
	return 0;
}

static struct dentry *borage_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(borage_rows(dir, dir->i_private));
}

const struct inode_operations borage_iops = { .lookup = borage_lookup };
