// SPDX-License-Identifier: GPL-2.0-only
/// A folio that is up to date is unlocked, and read all the same; who unlocks what it has read itself says so with its result.
// Fixable: no
#include <linux/buffer_head.h>
#include <linux/pagemap.h>
#include <linux/store.h>

int burnet_block(struct inode *inode, sector_t block, sector_t *result);

static int burnet_inline(struct folio *folio)
{
	struct inode *inode = folio->mapping->host;

	if (inode->i_size > 64)
		return -EAGAIN;	/* ok: read_folio.unlocks */
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;	/* ok: read_folio.unlocks */
}

static int burnet_read_inline(struct file *file, struct folio *folio)
{
	int err = burnet_inline(folio);

	if (err == -EAGAIN)
		err = block_read_full_folio(folio, burnet_block);	/* ok: read_folio.unlocks */
	return err;	/* ok: read_folio.unlocks */
}

static int burnet_read_folio(struct file *file, struct folio *folio)
{
	if (folio_test_uptodate(folio))
		folio_unlock(folio);
	return block_read_full_folio(folio, burnet_block);	/* violates: read_folio.unlocks moderate */
}

const struct address_space_operations burnet_inline_aops = {
	.read_folio = burnet_read_inline,
};

const struct address_space_operations burnet_aops = {
	.read_folio = burnet_read_folio,
};
