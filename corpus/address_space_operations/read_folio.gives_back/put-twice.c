// SPDX-License-Identifier: GPL-2.0-only
/// One way drops the reference before it goes to where it is dropped; the other clears the name first.
// Fixable: no
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

static int salsify_read_folio(struct file *file, struct folio *folio)
{
	struct buffer_head *bh = sb_bread(folio->mapping->host->i_sb, folio->index);
	int err = -EIO;

	if (!bh)
		goto unlock;
	if (bh->b_size == 1) {
		brelse(bh);
		goto out;
	}
	if (bh->b_size == 2) {
		brelse(bh);
		bh = NULL;
		goto out;
	}
	folio_mark_uptodate(folio);
	err = 0;
out:
	brelse(bh);	/* violates: read_folio.gives_back moderate */
unlock:
	folio_unlock(folio);
	return err;	/* ok: read_folio.gives_back */
}

const struct address_space_operations salsify_aops = {
	.read_folio = salsify_read_folio,
};
