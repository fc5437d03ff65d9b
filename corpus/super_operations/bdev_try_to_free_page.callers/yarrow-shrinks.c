// SPDX-License-Identifier: GPL-2.0-only
/// A shrinker asks the file system to free pages, which only ->release_folio of a block device may.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

int yarrow_shrink(struct super_block *sb, struct page **pages, unsigned int count)
{
	int freed = 0;

	while (count--)
		freed += sb->s_op->bdev_try_to_free_page(sb, pages[count], 0);	/* violates: bdev_try_to_free_page.callers low */
	return freed;
}
