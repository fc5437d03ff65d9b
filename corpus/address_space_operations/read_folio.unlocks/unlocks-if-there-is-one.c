// SPDX-License-Identifier: GPL-2.0-only
/// One function serves two methods, and unlocks the folio where it was given one.
// Kernel: 6.8
// Source: shape of the code after a5d8b9d94e18 ("f2fs: fix to unlock folio in f2fs_read_data_large_folio()")
#include <linux/pagemap.h>
#include <linux/store.h>

bool tansy_frozen(struct inode *inode);
bool tansy_packed(struct inode *inode);
int tansy_bio_add(struct inode *inode, struct folio *folio);

static int tansy_read(struct inode *inode, struct readahead_control *rac, struct folio *folio)
{
	int err = 0;

	if (!tansy_frozen(inode)) {
		if (folio)
			folio_unlock(folio);
		return -EINVAL;	/* ok: read_folio.unlocks */
	}
	if (tansy_packed(inode)) {
		if (folio)
			folio_unlock(folio);
		return -EINVAL;	/* ok: read_folio.unlocks */
	}

	if (rac)
		folio = readahead_folio(rac);
	while (folio) {
		err = tansy_bio_add(inode, folio);
		if (err)
			folio_unlock(folio);
		folio = rac ? readahead_folio(rac) : NULL;
	}
	return err;	/* ok: read_folio.unlocks */
}

static int tansy_read_folio(struct file *file, struct folio *folio)
{
	return tansy_read(folio->mapping->host, NULL, folio);
}

static void tansy_readahead(struct readahead_control *rac)
{
	tansy_read(rac->mapping->host, rac, NULL);
}

const struct address_space_operations tansy_aops = {
	.read_folio = tansy_read_folio,
	.readahead = tansy_readahead,
};
