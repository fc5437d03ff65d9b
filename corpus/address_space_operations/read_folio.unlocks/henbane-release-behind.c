// SPDX-License-Identifier: GPL-2.0-only
/// The release behind a helper is missing, and its result is returned: the helper, which unlocks another folio, is not mended for it.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int henbane_decode(struct inode *inode, struct folio *own, pgoff_t index)
{
	struct folio *folio = own;
	bool mine = true;
	int err;

	if (index != own->index) {
		folio = filemap_grab_folio(inode->i_mapping, index);
		mine = false;
	}
	err = store_read(inode, folio_pos(folio), page_address(&folio->page), PAGE_SIZE);
	if (!mine)
		folio_unlock(folio);
	return err;	/* violates: read_folio.unlocks low, read_folio.gives_back moderate */
}

static int henbane_chunk(struct inode *inode, struct folio *folio)
{
	int err = store_reserve(inode, PAGE_SIZE);

	if (err)
		goto out;
	err = henbane_decode(inode, folio, 1);
out:
	return err;	/* violates: read_folio.unlocks low */
}

static int henbane_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err = -EIO;

	if (store_sealed(inode))
		goto out;
	err = henbane_chunk(inode, folio);
out:
	return err;	/* violates: read_folio.unlocks */
}

const struct address_space_operations henbane_aops = {
	.read_folio = henbane_read_folio,
};
