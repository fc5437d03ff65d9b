// SPDX-License-Identifier: GPL-2.0-only
/// A comma in the condition, and an assignment within the test.
#include <linux/pagemap.h>
#include <linux/store.h>

static int hornwort_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	if ((err = store_read(inode, folio_pos(folio), page_address(&folio->page), PAGE_SIZE)) != 0) {
		folio_unlock(folio);
		return err;
	}
	folio_mark_uptodate(folio), folio_unlock(folio);
	return 0;
}

const struct address_space_operations hornwort_aops = {
	.read_folio = hornwort_read_folio,
};
