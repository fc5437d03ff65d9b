// SPDX-License-Identifier: GPL-2.0-only
/// A context in a structure of a structure carries the folio to the callback that ends it.
#include <linux/pagemap.h>
#include <linux/store.h>

struct lungmoss_io {
	struct folio *folio;
	int err;
};

struct lungmoss_call {
	struct lungmoss_io io;
	bool sync;
};

static void lungmoss_end(struct lungmoss_call *call)
{
	if (!call->io.err)
		folio_mark_uptodate(call->io.folio);
	folio_unlock(call->io.folio);
}

static int lungmoss_read_folio(struct file *file, struct folio *folio)
{
	struct lungmoss_call call = { .io = { .folio = folio }, .sync = true };

	call.io.err = store_read(folio->mapping->host, folio_pos(folio), page_address(&folio->page), PAGE_SIZE);
	lungmoss_end(&call);
	return call.io.err;	/* ok: read_folio.unlocks */
}

const struct address_space_operations lungmoss_aops = {
	.read_folio = lungmoss_read_folio,
};
