// SPDX-License-Identifier: GPL-2.0-only
/// A loop gives back the inode of the round before, by a name that holds the one of this round behind that.
// Kernel: 6.8
#include <linux/fs.h>

struct yucca_row { struct inode *inode; struct yucca_row *next; void *note; };

struct inode *igrab(struct inode *inode);
void iput(struct inode *inode);
void *yucca_note(void);
void yucca_write(struct yucca_row *row);

static int yucca_queue(struct yucca_row *rows)
{
	struct inode *last = NULL;
	struct yucca_row *row;

	for (row = rows; row; row = row->next) {
		struct inode *inode = igrab(row->inode);

		if (!inode)
			continue;
		iput(last);
		last = inode;
		row->note = yucca_note();
		if (!row->note)
			return -ENOMEM;	/* violates: mkdir.gives_back */
		yucca_write(row);
	}
	iput(last);
	return 0;	/* ok: mkdir.gives_back */
}

static int yucca_flush(struct yucca_row *rows)
{
	struct inode *last = NULL;
	struct yucca_row *row;

	for (row = rows; row; row = row->next) {
		struct inode *inode = igrab(row->inode);

		if (!inode)
			continue;
		iput(last);
		last = inode;
		yucca_write(row);
	}
	iput(last);
	return 0;	/* ok: mkdir.gives_back */
}

static int yucca_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return yucca_queue(dir->i_private) ? : yucca_flush(dir->i_private);
}

const struct inode_operations yucca_iops = { .mkdir = yucca_mkdir };
