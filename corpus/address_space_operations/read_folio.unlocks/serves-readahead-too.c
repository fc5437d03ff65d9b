// SPDX-License-Identifier: GPL-2.0-only
/// One function serves two methods: whoever comes with a folio gets it back locked when the file is refused.
// Kernel: 6.8
// Fixable: no
// Source: shape of the code before a5d8b9d94e18 ("f2fs: fix to unlock folio in f2fs_read_data_large_folio()")
#include <linux/pagemap.h>
#include <linux/store.h>

bool tormentil_frozen(struct inode *inode);
bool tormentil_packed(struct inode *inode);
int tormentil_bio_add(struct inode *inode, struct folio *folio);

static int tormentil_read(struct inode *inode, struct readahead_control *rac, struct folio *folio)
{
	int err = 0;

	if (!tormentil_frozen(inode))
		return -EINVAL;	/* violates: read_folio.unlocks */
	if (tormentil_packed(inode))
		return -EINVAL;	/* violates: read_folio.unlocks */

	if (rac)
		folio = readahead_folio(rac);
	while (folio) {
		err = tormentil_bio_add(inode, folio);
		if (err)
			folio_unlock(folio);
		folio = rac ? readahead_folio(rac) : NULL;
	}
	return err;	/* ok: read_folio.unlocks */
}

static int tormentil_read_folio(struct file *file, struct folio *folio)
{
	return tormentil_read(folio->mapping->host, NULL, folio);
}

static void tormentil_readahead(struct readahead_control *rac)
{
	tormentil_read(rac->mapping->host, rac, NULL);	/* ok: readahead.unlocks */
}

const struct address_space_operations tormentil_aops = {
	.read_folio = tormentil_read_folio,
	.readahead = tormentil_readahead,
};
