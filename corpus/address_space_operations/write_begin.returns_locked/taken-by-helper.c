// SPDX-License-Identifier: GPL-2.0-only
/// The page is taken by a helper that hands it over through its argument; behind it, one arm of the switch keeps it.
// Fixable: no
// Source: after the shape of a76054266661 ("mm: shmem: don't truncate page if memory failure happens"), with its new exit left bare
#include <linux/pagemap.h>
#include <linux/store.h>

enum jujube_state { JUJUBE_GOOD, JUJUBE_POISONED };

enum jujube_state jujube_state(struct page *page);

static int jujube_get_page(struct address_space *mapping, pgoff_t index, struct page **pagep)
{
	*pagep = grab_cache_page_write_begin(mapping, index);
	return *pagep ? 0 : -ENOMEM;
}

static int jujube_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
				 struct page **pagep, void **fsdata)
{
	int err;

	err = jujube_get_page(mapping, pos >> PAGE_SHIFT, pagep);
	if (err)
		return err;	/* ok: write_begin.returns_locked */

	switch (jujube_state(*pagep)) {
	case JUJUBE_POISONED:
		return -EIO;	/* violates: write_begin.returns_locked moderate */
	case JUJUBE_GOOD:
		break;
	}
	return 0;	/* ok: write_begin.returns_locked */
}

const struct address_space_operations jujube_aops = {
	.write_begin = jujube_write_begin,
};
