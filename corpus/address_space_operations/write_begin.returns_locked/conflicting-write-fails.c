// SPDX-License-Identifier: GPL-2.0-only
/// A conflicting write lets the lock go; when it fails, or the lock does not come back, the reference stays.
// Source: shape of the code before 21db2cdc667f ("afs: Fix page leak on afs_write_begin() failure")
#include <linux/pagemap.h>
#include <linux/store.h>

bool damson_conflicts(struct inode *inode, loff_t pos, unsigned int len);

static int damson_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			      struct page **pagep, void **fsdata)
{
	struct page *page;
	int err;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;
	if (!PageUptodate(page) && store_read(mapping->host, page_offset(page), page_address(page), PAGE_SIZE)) {
		unlock_page(page);
		put_page(page);
		return -EIO;
	}
	*pagep = page;

try_again:
	if (damson_conflicts(mapping->host, pos, len))
		goto flush_conflicting_write;
	return 0;	/* ok: write_begin.returns_locked */

flush_conflicting_write:
	set_page_writeback(page);
	unlock_page(page);
	err = store_write(mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	end_page_writeback(page);
	if (err < 0)
		return err;	/* violates: write_begin.returns_locked */
	err = lock_page_killable(page);
	if (err < 0)
		return err;	/* violates: write_begin.returns_locked */
	goto try_again;
}

const struct address_space_operations damson_aops = {
	.write_begin = damson_write_begin,
};
