// SPDX-License-Identifier: GPL-2.0-only
/// What a helper gives back where it stands in a member is not kept, be it asked for behind another call; what it does not ask for is.
// Fixable: no
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

struct woodcock {
	struct buffer_head *map;
	struct buffer_head *log;
};

static int woodcock_load(struct super_block *sb, struct woodcock *found)
{
	struct buffer_head *map = sb_bread(sb, 1), *log;

	if (!map)
		return -EIO;	/* ok: read_folio.gives_back */
	log = sb_bread(sb, 2);
	if (!log) {
		brelse(map);
		return -EIO;	/* ok: read_folio.gives_back */
	}
	found->map = map;
	found->log = log;
	return 0;
}

static void woodcock_unload(struct woodcock *found)
{
	if (found->map)
		brelse(found->map);
	if (found->log)
		brelse(found->log);
}

static int woodcock_read_folio(struct file *file, struct folio *folio)
{
	struct super_block *sb = folio->mapping->host->i_sb;
	struct woodcock found;
	int err = woodcock_load(sb, &found);

	folio_unlock(folio);
	if (err)
		return err;	/* ok: read_folio.gives_back */
	if (!folio->index) {
		woodcock_unload(&found);
		return -EINVAL;	/* ok: read_folio.gives_back */
	}
	if (folio->index > 9) {
		brelse(found.map);
		return -EIO;	/* violates: read_folio.gives_back moderate */
	}
	woodcock_unload(&found);
	return 0;
}

const struct address_space_operations woodcock_aops = {
	.read_folio = woodcock_read_folio,
};
