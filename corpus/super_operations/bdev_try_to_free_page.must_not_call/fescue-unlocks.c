// SPDX-License-Identifier: GPL-2.0-only
/// Memory is reclaimed with whatever held, but not with s_umount.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static int fescue_try_to_free_page(struct super_block *sb, struct page *page, gfp_t gfp)
{
	if (!sb->s_fs_info) {
		up_read(&sb->s_umount);	/* violates: bdev_try_to_free_page.must_not_call moderate */
		return 0;
	}
	return page->index != 0;
}

const struct super_operations fescue_sops = {
	.bdev_try_to_free_page = fescue_try_to_free_page,
};
