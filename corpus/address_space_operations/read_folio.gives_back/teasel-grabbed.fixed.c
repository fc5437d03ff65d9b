// SPDX-License-Identifier: GPL-2.0-only
/// One more reference of an inode that the function has already, dropped on one way, kept on another.
#include <linux/fs.h>
#include <linux/pagemap.h>

struct inode *igrab(struct inode *inode);

static int teasel_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;

	if (!igrab(inode)) {
		folio_unlock(folio);
		return -EIO;
	}
	if (folio->index > 9) {
		folio_unlock(folio);
		iput(inode);
		return -EIO;
	}
	iput(inode);
	folio_unlock(folio);
	return 0;
}

const struct address_space_operations teasel_aops = {
	.read_folio = teasel_read_folio,
};
