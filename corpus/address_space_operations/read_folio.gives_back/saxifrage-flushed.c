// SPDX-License-Identifier: GPL-2.0-only
/// A helper whose name sounds like one of the kernel's own that only flush, and that unlocks the page when it says so.
// Source: the shape of f2fs_sync_node_pages() and flush_dirty_inode() of 5.10
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

int trylock_page(struct page *page);

static bool flush_one(struct inode *inode, struct page *page)
{
	if (!inode->i_size)
		return false;
	unlock_page(page);
	return true;
}

static int saxifrage_fill(struct inode *inode, int wait, int n)
{
	struct page *page = find_get_page(inode->i_mapping, n);
	int again = 1;

	if (!page)
		return -ENOMEM;	/* ok: read_folio.gives_back */
lock_again:
	if (wait)
		lock_page(page);
	else if (!trylock_page(page))
		goto out;
	if (again) {
		again = 0;
		if (flush_one(inode, page))
			goto lock_again;
	}
	unlock_page(page);
out:
	put_page(page);
	return -EIO;	/* ok: read_folio.gives_back */
}

static int saxifrage_read_folio(struct file *file, struct folio *folio)
{
	int err = saxifrage_fill(folio->mapping->host, folio->index > 1, folio->index);

	folio_unlock(folio);
	return err;	/* ok: read_folio.gives_back */
}

const struct address_space_operations saxifrage_aops = {
	.read_folio = saxifrage_read_folio,
};
