// SPDX-License-Identifier: GPL-2.0-only
/// The helper unlocks the folio unless it says -EAGAIN, and then the next one does.
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

static int basil_read_inline(struct folio *folio)
{
	const void *inline_data = folio->mapping->host->i_private;

	if (!inline_data)
		return -EAGAIN;
	memcpy(page_address(&folio->page), inline_data, folio_size(folio));
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;
}

static int basil_get_block(struct inode *inode, sector_t block, sector_t *result)
{
	*result = block;
	return 0;
}

static int basil_read_folio(struct file *file, struct folio *folio)
{
	int err = -EAGAIN;

	if (folio->mapping->host->i_size < 1024)
		err = basil_read_inline(folio);
	if (err == -EAGAIN)
		return block_read_full_folio(folio, basil_get_block);	/* ok: read_folio.unlocks */
	return err;		/* ok: read_folio.unlocks */
}

const struct address_space_operations basil_aops = {
	.read_folio = basil_read_folio,
};
