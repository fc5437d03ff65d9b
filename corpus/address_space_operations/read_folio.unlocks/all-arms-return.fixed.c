// SPDX-License-Identifier: GPL-2.0-only
/// Every arm of the switch returns, so that nothing behind it is reached.
#include <linux/pagemap.h>
#include <linux/store.h>

enum endive_mode { ENDIVE_HOLE, ENDIVE_PLAIN };

static int endive_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	enum endive_mode *mode = inode->i_private;
	void *data = page_address(&folio->page);
	int err;

	switch (*mode) {
	case ENDIVE_HOLE:
		memset(data, 0, folio_size(folio));
		folio_mark_uptodate(folio);
		folio_unlock(folio);
		return 0;
	case ENDIVE_PLAIN:
		err = store_read(inode, folio_pos(folio), data, folio_size(folio));
		if (!err)
			folio_mark_uptodate(folio);
		folio_unlock(folio);
		return err;
	default:
		folio_unlock(folio);
		return -EUCLEAN;
	}
}

const struct address_space_operations endive_aops = {
	.read_folio = endive_read_folio,
};
