// SPDX-License-Identifier: GPL-2.0-only
/// One step of the ladder jumps below the unlock.
#include <linux/pagemap.h>
#include <linux/store.h>

static int filmyfern_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	void *buf;
	int err = -ENOMEM;

	buf = kmalloc(PAGE_SIZE, GFP_NOFS);
	if (!buf)
		goto out;
	err = store_read(inode, folio_pos(folio), buf, PAGE_SIZE);
	if (err < 0)
		goto free;
	memcpy(page_address(&folio->page), buf, PAGE_SIZE);
	folio_mark_uptodate(folio);
free:
	kfree(buf);
	folio_unlock(folio);
out:
	return err;	/* violates: read_folio.unlocks */
}

const struct address_space_operations filmyfern_aops = {
	.read_folio = filmyfern_read_folio,
};
