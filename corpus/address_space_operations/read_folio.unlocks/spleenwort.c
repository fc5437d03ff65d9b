// SPDX-License-Identifier: GPL-2.0-only
/// A ladder of labels, each of which falls into the next.
#include <linux/pagemap.h>
#include <linux/store.h>

static int spleenwort_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct store *store;
	void *buf;
	int err = -ENOMEM;

	buf = kmalloc(PAGE_SIZE, GFP_NOFS);
	if (!buf)
		goto unlock;
	store = store_open(inode);
	if (!store)
		goto free;
	err = store_read(inode, folio_pos(folio), buf, PAGE_SIZE);
	if (err < 0)
		goto close;
	memcpy(page_address(&folio->page), buf, PAGE_SIZE);
	folio_mark_uptodate(folio);
close:
	store_close(store);
free:
	kfree(buf);
unlock:
	folio_unlock(folio);
	return err;	/* ok: read_folio.unlocks */
}

const struct address_space_operations spleenwort_aops = {
	.read_folio = spleenwort_read_folio,
};
