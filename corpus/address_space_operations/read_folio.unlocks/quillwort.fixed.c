// SPDX-License-Identifier: GPL-2.0-only
/// A macro of two statements unlocks and notes the error.
#include <linux/pagemap.h>
#include <linux/store.h>

#define QUILLWORT_FAIL(folio, code)		\
	do {					\
		folio_set_error(folio);		\
		folio_unlock(folio);		\
		err = (code);			\
	} while (0)

static int quillwort_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	if (folio_pos(folio) >= i_size_read(inode)) {
		QUILLWORT_FAIL(folio, -EINVAL);
		return err;
	}
	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (err) {
		QUILLWORT_FAIL(folio, -EIO);
		return err;
	}
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

const struct address_space_operations quillwort_aops = {
	.read_folio = quillwort_read_folio,
};
