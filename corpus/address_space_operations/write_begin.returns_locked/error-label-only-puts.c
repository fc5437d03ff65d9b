// SPDX-License-Identifier: GPL-2.0-only
/// The page is handed over only on success; where the lock was let go, the error label drops the reference alone.
// Source: shape of the code after 21db2cdc667f ("afs: Fix page leak on afs_write_begin() failure")
#include <linux/pagemap.h>
#include <linux/store.h>

bool mirabelle_conflicts(struct inode *inode, loff_t pos, unsigned int len);

static int mirabelle_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
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

try_again:
	if (mirabelle_conflicts(mapping->host, pos, len))
		goto flush_conflicting_write;
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */

flush_conflicting_write:
	set_page_writeback(page);
	unlock_page(page);
	err = store_write(mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	end_page_writeback(page);
	if (err < 0)
		goto error;
	err = lock_page_killable(page);
	if (err < 0)
		goto error;
	goto try_again;

error:
	put_page(page);
	return err;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations mirabelle_aops = {
	.write_begin = mirabelle_write_begin,
};
