// SPDX-License-Identifier: GPL-2.0-only
/// A read error leaves from inside the loop over the blocks of the folio.
#include <linux/pagemap.h>
#include <linux/store.h>

static int chard_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	u8 *data = kmap_local_folio(folio, 0);
	size_t done;
	int err;

	for (done = 0; done < folio_size(folio); done += 512) {
		err = store_read(inode, folio_pos(folio) + done, data + done, 512);
		if (err) {
			kunmap_local(data);
			folio_unlock(folio);
			return err;
		}
	}

	kunmap_local(data);
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

const struct address_space_operations chard_aops = {
	.read_folio = chard_read_folio,
};
