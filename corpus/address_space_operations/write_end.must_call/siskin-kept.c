// SPDX-License-Identifier: GPL-2.0-only
/// After a short copy the page is unlocked, and the reference that ->write_begin returned is kept.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>
#include <linux/pagemap.h>

void put_page(struct page *page);
int siskin_size(struct address_space *mapping, loff_t end);

static void siskin_done(struct page *page)
{
	unlock_page(page);
	put_page(page);
}

static int siskin_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			    unsigned int copied, struct page *page, void *fsdata)
{
	if (copied < len) {
		unlock_page(page);
		return 0;	/* violates: write_end.must_call */
	}
	if (siskin_size(mapping, pos + copied)) {
		siskin_done(page);
		return -EIO;	/* ok: write_end.must_call */
	}
	return generic_write_end(file, mapping, pos, len, copied, page, fsdata);	/* ok: write_end.must_call */
}

const struct address_space_operations siskin_aops = {
	.write_end = siskin_write_end,
};
