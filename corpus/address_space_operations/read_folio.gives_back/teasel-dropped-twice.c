// SPDX-License-Identifier: GPL-2.0-only
/// One more reference of an inode that the function has already, dropped on one way, dropped twice on another.
// Fixable: no
#include <linux/fs.h>
#include <linux/pagemap.h>

struct inode *igrab(struct inode *inode);

static int teasel_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;

	if (!igrab(inode)) {
		folio_unlock(folio);
		return -EIO;	/* ok: read_folio.gives_back */
	}
	if (folio->index > 8) {
		iput(inode);
		iput(inode);	/* violates: read_folio.gives_back moderate */
		folio_unlock(folio);
		return -EIO;	/* ok: read_folio.gives_back */
	}
	iput(inode);
	folio_unlock(folio);
	return 0;	/* ok: read_folio.gives_back */
}

const struct address_space_operations teasel_aops = {
	.read_folio = teasel_read_folio,
};
