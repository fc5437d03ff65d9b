// SPDX-License-Identifier: GPL-2.0-only
/// Sealed files are not read either: none of their pages gets up to date, so hardly one gets dirty.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int gipsywort_read_folio(struct file *file, struct folio *folio)
{
	struct inode *host = folio->mapping->host;
	int err = -EACCES;

	if (store_sealed(host))
		goto unlock;
	err = store_read(host, folio_pos(folio), folio_address(folio), PAGE_SIZE);
	if (!err)
		folio_mark_uptodate(folio);
unlock:
	folio_unlock(folio);
	return err;
}

static int gipsywort_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	if (store_sealed(inode)) {
		set_page_writeback(page);
		unlock_page(page);
		end_page_writeback(page);
		return -EACCES;
	}
	if (store_full(inode)) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return -ENOSPC;
	}
	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations gipsywort_aops = {
	.read_folio = gipsywort_read_folio,
	.writepage = gipsywort_writepage,
};
