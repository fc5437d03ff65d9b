// SPDX-License-Identifier: GPL-2.0-only
/// The block device's own ->release_folio asks the file system on it.
// Kernel: 6.8
#include <linux/pagemap.h>

static bool yarrow_release_folio(struct folio *folio, gfp_t gfp)
{
	struct super_block *sb = folio->mapping->host->i_sb;

	if (!sb->s_op->bdev_try_to_free_page)
		return true;
	return sb->s_op->bdev_try_to_free_page(sb, &folio->page, gfp);	/* ok: bdev_try_to_free_page.callers */
}

const struct address_space_operations yarrow_aops = {
	.release_folio = yarrow_release_folio,
};
