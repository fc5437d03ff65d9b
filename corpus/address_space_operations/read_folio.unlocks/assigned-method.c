// SPDX-License-Identifier: GPL-2.0-only
/// The method is registered by an assignment at run time.
#include <linux/pagemap.h>
#include <linux/store.h>

static int erica_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	void *data;
	int err;

	data = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!data)
		return -ENOMEM;	/* violates: read_folio.unlocks */

	err = store_read(inode, folio_pos(folio), data, PAGE_SIZE);
	if (!err) {
		memcpy(page_address(&folio->page), data, PAGE_SIZE);
		folio_mark_uptodate(folio);
	}
	kfree(data);
	folio_unlock(folio);
	return err;
}

static struct address_space_operations erica_aops;

void erica_init_aops(void)
{
	erica_aops.read_folio = erica_read_folio;
}
