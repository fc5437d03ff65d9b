// SPDX-License-Identifier: GPL-2.0-only
/// Of two labels that do the same here, as nothing has been lodged yet, the nearer to what is owed is gone to.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head { char *b_data; };
struct buffer_head *sb_bread(struct super_block *sb, unsigned long block);
void brelse(struct buffer_head *bh);
struct inode *new_inode(struct super_block *sb);
void iput(struct inode *inode);
void d_instantiate(struct dentry *dentry, struct inode *inode);
int tarragon_lodge(struct inode *dir, struct inode *inode);
int tarragon_write(struct inode *dir, struct inode *inode);
void tarragon_unlodge(struct inode *dir);

static int tarragon_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	struct inode *inode;
	int err, lodged = 0;

	if (!bh)
		return -EIO;
	inode = new_inode(dir->i_sb);
	if (!inode) {
		err = -ENOMEM;
		goto end;
	}
	if (!bh->b_data) {
		err = -EIO;
		goto put;
	}
	if (mode) {
		err = tarragon_lodge(dir, inode);
		if (err)
			goto put;
		lodged = 1;
	}
	err = tarragon_write(dir, inode);
	if (err)
		goto undo;
	brelse(bh);
	d_instantiate(dentry, inode);
	return 0;
undo:
	if (lodged)
		tarragon_unlodge(dir);
put:
	iput(inode);
end:
	brelse(bh);
	return err;
}

const struct inode_operations tarragon_iops = { .create = tarragon_create };
