// SPDX-License-Identifier: GPL-2.0-only
/// What is returned is chosen by ?:, and only one side has unlocked.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int clubmoss_fill(struct inode *inode, struct folio *folio)
{
	int err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));

	if (err == 0) {
		folio_mark_uptodate(folio);
		folio_unlock(folio);
	}
	return err;
}

static int clubmoss_read_folio(struct file *file, struct folio *folio)
{
	int err = clubmoss_fill(folio->mapping->host, folio);

	return err ? -EIO : 0;	/* violates: read_folio.unlocks */
}

const struct address_space_operations clubmoss_aops = {
	.read_folio = clubmoss_read_folio,
};
