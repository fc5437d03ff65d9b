// SPDX-License-Identifier: GPL-2.0-only
/// A number that nearly all who get one give back is kept by who returns too early; what can fail is asked for it first.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

unsigned int get_ticket(void);
#define take_ticket() ({ unsigned int __number = get_ticket(); __number; })
void free_ticket(unsigned int number);
int xeranthe_dig(struct inode *dir, unsigned int number);
int xeranthe_shut(struct inode *dir);

static int xeranthe_one(struct inode *dir)
{
	unsigned int number = take_ticket();
	int err = xeranthe_dig(dir, number);

	free_ticket(number);
	return err;	/* ok: mkdir.gives_back */
}

static int xeranthe_two(struct inode *dir)
{
	unsigned int number = take_ticket();
	int err = xeranthe_dig(dir, number) ? : xeranthe_one(dir);

	free_ticket(number);
	return err;	/* ok: mkdir.gives_back */
}

static int xeranthe_three(struct inode *dir)
{
	unsigned int number = take_ticket();
	int err = xeranthe_dig(dir, number) ? : xeranthe_two(dir);

	free_ticket(number);
	return err;	/* ok: mkdir.gives_back */
}

static int xeranthe_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	unsigned int number;
	int err;

	number = take_ticket();
	if (xeranthe_shut(dir))
		return -EIO;	/* violates: mkdir.gives_back */
	err = xeranthe_dig(dir, number) ? : xeranthe_three(dir);
	free_ticket(number);
	return err;	/* ok: mkdir.gives_back */
}

const struct inode_operations xeranthe_iops = {
	.mkdir = xeranthe_mkdir,
};
