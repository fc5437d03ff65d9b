// SPDX-License-Identifier: GPL-2.0-only
/// One case of the switch leaves it before the unlock.
#include <linux/pagemap.h>
#include <linux/store.h>

int moonwort_kind(struct inode *inode, loff_t pos);

static int moonwort_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err = 0;

	switch (moonwort_kind(inode, folio_pos(folio))) {
	case 0:
		folio_mark_uptodate(folio);
		folio_unlock(folio);
		return 0;
	case 1:
		err = -EUCLEAN;
		break;
	default:
		err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
		folio_unlock(folio);
		return err;
	}
	folio_unlock(folio);
	return err;
}

const struct address_space_operations moonwort_aops = {
	.read_folio = moonwort_read_folio,
};
