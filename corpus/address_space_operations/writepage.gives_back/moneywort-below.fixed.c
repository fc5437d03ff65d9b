// SPDX-License-Identifier: GPL-2.0-only
/// The page of the file below is handed to ->writepage() of that, which gives up its lock, and not the reference.
#include <linux/pagemap.h>
#include <linux/writeback.h>

struct page *find_or_create_page(struct address_space *mapping, unsigned long index, unsigned int gfp);
struct address_space *moneywort_below(struct page *page);

static int moneywort_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *below = moneywort_below(page);
	struct page *copy;
	int err = 0;

	redirty_page_for_writepage(wbc, page);
	copy = find_or_create_page(below, page->index, GFP_NOFS);
	if (!copy)
		goto out;
	err = below->a_ops->writepage(copy, wbc);
	if (err < 0) {
		put_page(copy);
		goto out;
	}
	if (err == AOP_WRITEPAGE_ACTIVATE) {
		unlock_page(copy);
		err = 0;
	}
	put_page(copy);
out:
	unlock_page(page);
	return err;
}

static int purslane_writepage(struct page *page, struct writeback_control *wbc)
{
	struct address_space *below = moneywort_below(page);
	struct page *copy;
	int err = 0;

	redirty_page_for_writepage(wbc, page);
	copy = find_or_create_page(below, page->index, GFP_NOFS);
	if (!copy)
		goto out;
	err = below->a_ops->writepage(copy, wbc);
	if (err == AOP_WRITEPAGE_ACTIVATE) {
		unlock_page(copy);
		err = 0;
	}
	put_page(copy);
out:
	unlock_page(page);
	return err;
}

const struct address_space_operations moneywort_aops = { .writepage = moneywort_writepage };
const struct address_space_operations purslane_aops = { .writepage = purslane_writepage };
