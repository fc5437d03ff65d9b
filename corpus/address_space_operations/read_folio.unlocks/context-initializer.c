// SPDX-License-Identifier: GPL-2.0-only
/// The folio travels in the initializer of a context that is passed by address.
#include <linux/pagemap.h>
#include <linux/store.h>

struct ilex_context {
	struct folio *current_folio;
	bool taken;
};

static int ilex_read(struct inode *inode, struct ilex_context *context)
{
	struct folio *folio = context->current_folio;
	int err;

	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	context->taken = true;
	return err;
}

static int ilex_read_folio(struct file *file, struct folio *folio)
{
	struct ilex_context context = { .current_folio = folio };
	int err;

	err = ilex_read(folio->mapping->host, &context);
	if (err)
		return err;	/* ok: read_folio.unlocks */
	return 0;		/* ok: read_folio.unlocks */
}

const struct address_space_operations ilex_aops = {
	.read_folio = ilex_read_folio,
};
