// SPDX-License-Identifier: GPL-2.0-only
/// What a helper releases, and what is kept in a structure of the caller, is not kept by the method.
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

struct skirret {
	struct buffer_head *index;
};

static void skirret_drop(struct buffer_head *bh)
{
	mark_buffer_dirty(bh);
	brelse(bh);
}

static int skirret_read_folio(struct file *file, struct folio *folio)
{
	struct super_block *sb = folio->mapping->host->i_sb;
	struct skirret *skirret = sb->s_fs_info;
	struct buffer_head *bh = sb_bread(sb, folio->index);
	struct buffer_head *kept = sb_bread(sb, 0);

	skirret->index = kept;
	folio_unlock(folio);
	if (!bh)
		return -EIO;	/* ok: read_folio.gives_back */
	skirret_drop(bh);
	if (!kept)
		return -EIO;	/* ok: read_folio.gives_back */
	return -EINVAL;	/* ok: read_folio.gives_back */
}

const struct address_space_operations skirret_aops = {
	.read_folio = skirret_read_folio,
};
