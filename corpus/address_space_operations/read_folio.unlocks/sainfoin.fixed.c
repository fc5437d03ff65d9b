// SPDX-License-Identifier: GPL-2.0-only
/// What a switch looks at was a constant before it: the other cases are not taken, and of its own labels one is.
#include <linux/methods.h>
#include <linux/pagemap.h>

static int sainfoin_read_folio(struct file *file, struct folio *folio)
{
	int kind;

#ifdef CONFIG_SAINFOIN_CACHE
	kind = 1;
#else
	kind = -ENOSPC;
#endif
	switch (kind) {
	case 0:
		return 0;
	case 1:
	case -ENOSPC:
		folio_unlock(folio);
		return 0;
	default:
		return -EIO;
	}
}

static int lucerne_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int kind = -ENOSPC;

	if (!inode->i_size)
		kind = 0;
	switch (kind) {
	case 0:
		folio_unlock(folio);
		return 0;
	default:
		folio_unlock(folio);
		return -EIO;
	}
}

const struct address_space_operations sainfoin_aops = {
	.read_folio = sainfoin_read_folio,
};

const struct address_space_operations lucerne_aops = {
	.read_folio = lucerne_read_folio,
};
