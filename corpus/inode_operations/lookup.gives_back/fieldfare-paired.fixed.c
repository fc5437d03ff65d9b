// SPDX-License-Identifier: GPL-2.0-only
/// What functions of a file system get and give back by a pair of calls goes back where one fails; what a test parts may be no leak.
// Kernel: 6.8
#include <linux/fs.h>

struct fieldfare_rows { int number; struct fieldfare_rows *next; };
void *kzalloc(size_t size, gfp_t flags);

static struct fieldfare_rows *fieldfare_rows_alloc(struct inode *dir)
{
	return kzalloc(sizeof(struct fieldfare_rows) * dir->i_nlink, GFP_KERNEL);
}

static void fieldfare_rows_free(struct fieldfare_rows *rows) { kfree(rows); }

static int fieldfare_sum(struct fieldfare_rows *rows)
{
	return rows->number + (rows->next ? rows->next->number : 0);
}

static int fieldfare_first(struct inode *dir)
{
	struct fieldfare_rows *rows = fieldfare_rows_alloc(dir);
	int number = rows ? fieldfare_sum(rows) : -ENOMEM;

	fieldfare_rows_free(rows);
	return number;
}

static int fieldfare_second(struct inode *dir, struct fieldfare_rows *given)
{
	struct fieldfare_rows *rows = given;
	int number;

	if (!rows)
		rows = fieldfare_rows_alloc(dir);
	number = fieldfare_sum(rows);
	if (!given)
		fieldfare_rows_free(rows);
	return number < 0 ? -EIO : 0;
}

static struct dentry *fieldfare_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct fieldfare_rows *rows = fieldfare_rows_alloc(dir);
	int err;

	if (!rows)
		return ERR_PTR(-ENOMEM);
	err = fieldfare_sum(rows);
	if (err < 0) {
		fieldfare_rows_free(rows);
		return ERR_PTR(err);
	}
	err = fieldfare_first(dir) + fieldfare_second(dir, rows);
	fieldfare_rows_free(rows);
	return ERR_PTR(err);
}

const struct inode_operations fieldfare_iops = { .lookup = fieldfare_lookup };
