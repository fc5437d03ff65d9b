// SPDX-License-Identifier: GPL-2.0-only
/// s_umount is tried, and released where it was had.
// Kernel: 6.8
#include <linux/pagemap.h>

static int fescue_try_to_free_page(struct super_block *sb, struct page *page, gfp_t gfp)
{
	int freed;

	if (!down_read_trylock(&sb->s_umount))
		return 0;
	freed = sb->s_fs_info && page->index;
	up_read(&sb->s_umount);	/* ok: bdev_try_to_free_page.must_not_call */
	return freed;
}

const struct super_operations fescue_sops = {
	.bdev_try_to_free_page = fescue_try_to_free_page,
};
