// SPDX-License-Identifier: GPL-2.0-only
/// The helper of the loop lets a folio go that it refuses, without a word to anybody.
// Kernel: 7.3
// Fixable: no
#include <linux/pagemap.h>

struct drupe_sb {
	bool frozen;
};

static int drupe_write(struct folio *folio, struct writeback_control *wbc)
{
	struct inode *inode = folio->mapping->host;
	struct drupe_sb *sbi = inode->i_sb->s_fs_info;

	if (sbi->frozen) {
		folio_unlock(folio);	/* violates: writepages.writeback */
		return -EAGAIN;
	}
	folio_start_writeback(folio);
	folio_unlock(folio);
	generic_write(inode, folio_pos(folio), folio->private, folio_size(folio));
	folio_end_writeback(folio);
	return 0;
}

static int drupe_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err)))
		err = drupe_write(folio, wbc);
	return err;
}

const struct address_space_operations drupe_aops = {
	.writepages = drupe_writepages,
};
