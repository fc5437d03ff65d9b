// SPDX-License-Identifier: GPL-2.0-only
/// Pages that are put into an array of the function's own, locked, and given back from there.
// Source: the shape of ni_read_frame() of 6.1
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

int stonecrop_decode(struct page **frame, struct inode *inode);

static int stonecrop_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct page *frame[4] = {};
	struct page *page;
	int i, err = -EIO;

	for (i = 0; i < 4; i++) {
		page = find_get_page(inode->i_mapping, i);
		if (!page) {
			err = -ENOMEM;
			goto out;
		}
		frame[i] = page;
		lock_page(page);
	}
	err = stonecrop_decode(frame, inode);
out:
	for (i = 0; i < 4; i++) {
		page = frame[i];
		if (page) {
			unlock_page(page);
			put_page(page);
		}
	}
	folio_unlock(folio);
	return err;	/* ok: read_folio.gives_back */
}

const struct address_space_operations stonecrop_aops = {
	.read_folio = stonecrop_read_folio,
};
