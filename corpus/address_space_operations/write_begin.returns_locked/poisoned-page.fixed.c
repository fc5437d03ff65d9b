// SPDX-License-Identifier: GPL-2.0-only
/// A page whose memory has failed is refused where it is held already, in one arm of the switch.
// Source: after the shape of a76054266661 ("mm: shmem: don't truncate page if memory failure happens"), with its new exit left bare
#include <linux/pagemap.h>
#include <linux/store.h>

enum greengage_state { GREENGAGE_GOOD, GREENGAGE_POISONED };

enum greengage_state greengage_state(unsigned long flags);

static int greengage_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				 struct page **pagep, void **fsdata)
{
	struct page *page;

	page = grab_cache_page_write_begin(mapping, pos >> PAGE_SHIFT);
	if (!page)
		return -ENOMEM;

	switch (greengage_state(page->flags)) {
	case GREENGAGE_POISONED:
		unlock_page(page);
		put_page(page);
		return -EIO;
	case GREENGAGE_GOOD:
		break;
	}
	*pagep = page;
	return 0;
}

const struct address_space_operations greengage_aops = {
	.write_begin = greengage_write_begin,
};
