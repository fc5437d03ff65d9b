// SPDX-License-Identifier: GPL-2.0-only
/// The error comes from a table and is returned by way of a label.
#include <linux/pagemap.h>
#include <linux/store.h>

static const int pitcher_codes[] = { 0, -EIO, -EACCES, -EAGAIN };

static int pitcher_ask(struct inode *inode, loff_t pos, void *to, size_t len)
{
	int answer = store_read(inode, pos, to, len);

	return pitcher_codes[answer & 3];
}

static int pitcher_read_folio(struct file *file, struct folio *folio)
{
	int err = pitcher_ask(folio->mapping->host, folio_pos(folio), page_address(&folio->page), folio_size(folio));

	if (err)
		goto out;
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;	/* ok: read_folio.unlocks */
out:
	folio_set_error(folio);
	return err;	/* violates: read_folio.unlocks */
}

const struct address_space_operations pitcher_aops = {
	.read_folio = pitcher_read_folio,
};
