// SPDX-License-Identifier: GPL-2.0-only
/// A helper that gives back each element of an array leaves none; one that is told to stop short of the last one leaves that.
// Fixable: no
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

#define WIGEON_ALL 4

static void wigeon_first(struct buffer_head **bhs, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		brelse(bhs[i]);
}

static int wigeon_read_folio(struct file *file, struct folio *folio)
{
	struct super_block *sb = folio->mapping->host->i_sb;
	struct buffer_head *bhs[WIGEON_ALL];
	unsigned int i;

	folio_unlock(folio);
	for (i = 0; i < WIGEON_ALL; i++) {
		bhs[i] = sb_bread(sb, i);
		if (bhs[i]->b_size > 9) {
			wigeon_first(bhs, i);
			return -EIO;	/* violates: read_folio.gives_back moderate */
		}
	}
	if (folio->index > 9) {
		wigeon_first(bhs, WIGEON_ALL);
		return -EINVAL;	/* ok: read_folio.gives_back */
	}
	for (i = 0; i < WIGEON_ALL; i++)
		brelse(bhs[i]);
	return 0;
}

const struct address_space_operations wigeon_aops = {
	.read_folio = wigeon_read_folio,
};
