// SPDX-License-Identifier: GPL-2.0-only
/// A page that was found locked is handed to ->writepage(), and unlocked where that has not done so; one of a list is not locked.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/writeback.h>

struct page *find_or_create_page(struct address_space *mapping, unsigned long index, unsigned int gfp);
struct page *pagecache_get_page(struct address_space *mapping, unsigned long index, int flags, unsigned int gfp);
#define FGP_LOCK 2
#define FGP_CREAT 4

void samphire_push(struct address_space *below, unsigned long index, struct writeback_control *wbc)
{
	struct page *page = find_or_create_page(below, index, GFP_NOFS);

	if (!page)
		return;
	if (below->a_ops->writepage(page, wbc) == AOP_WRITEPAGE_ACTIVATE)	/* ok: writepage.callers */
		unlock_page(page);
	put_page(page);
}

void tormentil_push(struct address_space *below, unsigned long index, struct writeback_control *wbc)
{
	struct page *page = pagecache_get_page(below, index, FGP_LOCK | FGP_CREAT, GFP_NOFS);

	if (!page)
		return;
	if (below->a_ops->writepage(page, wbc) == AOP_WRITEPAGE_ACTIVATE)	/* ok: writepage.callers */
		unlock_page(page);
	put_page(page);
}

void sorrel_push(struct address_space *below, unsigned long index, struct writeback_control *wbc)
{
	struct page *page = find_get_page(below, index);

	if (!page)
		return;
	if (below->a_ops->writepage(page, wbc) == AOP_WRITEPAGE_ACTIVATE)	/* violates: writepage.callers low */
		unlock_page(page);
	put_page(page);
}
