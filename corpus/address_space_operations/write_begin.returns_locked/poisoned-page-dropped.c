// SPDX-License-Identifier: GPL-2.0-only
/// A page whose memory has failed is unlocked, dropped and forgotten before it is refused.
// Source: shape of the code after a76054266661 ("mm: shmem: don't truncate page if memory failure happens")
#include <linux/pagemap.h>
#include <linux/store.h>

enum sloe_state { SLOE_GOOD, SLOE_POISONED };

enum sloe_state sloe_state(unsigned long flags);

static int sloe_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				 struct page **pagep, void **fsdata)
{
	struct page *page;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;	/* ok: write_begin.returns_locked */

	switch (sloe_state(page->flags)) {
	case SLOE_POISONED:
		unlock_page(page);
		put_page(page);
		*pagep = NULL;
		return -EIO;	/* ok: write_begin.returns_locked */
	case SLOE_GOOD:
		break;
	}
	*pagep = page;
	return 0;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations sloe_aops = {
	.write_begin = sloe_write_begin,
};
