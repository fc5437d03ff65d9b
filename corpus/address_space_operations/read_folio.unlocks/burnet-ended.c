// SPDX-License-Identifier: GPL-2.0-only
/// A return that says nothing of a failure goes to the label to which a good end comes as well, and which asks how it went.
#include <linux/pagemap.h>
#include <linux/store.h>

static int burnet_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	void *data = kmap_local_folio(folio, 0);
	bool good = false;

	if (inode->i_private) {
		if (!inode->i_size)
			return 0;	/* violates: read_folio.unlocks */
		if (store_read(inode, folio_pos(folio), data, folio_size(folio)))
			goto end;
	}
	good = true;
end:
	kunmap_local(data);
	if (!good)
		folio_clear_uptodate(folio);
	folio_unlock(folio);
	return 0;		/* ok: read_folio.unlocks */
}

const struct address_space_operations burnet_aops = {
	.read_folio = burnet_read_folio,
};
