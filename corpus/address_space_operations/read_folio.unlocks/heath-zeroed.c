// SPDX-License-Identifier: GPL-2.0-only
/// A helper unlocks unless a member says no: one that the initialiser leaves out is zero, one that is set may be anything.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

struct heath_read {
	struct folio *folio;
	int depth;
	bool done;
};

static void heath_end(struct heath_read *read, int err)
{
	if (read->done)
		return;
	if (!err)
		folio_mark_uptodate(read->folio);
	folio_unlock(read->folio);
}

static int heath_read_folio(struct file *file, struct folio *folio)
{
	struct heath_read read = { .folio = folio };

	read.depth = store_full(folio->mapping->host);
	if (read.depth) {
		heath_end(&read, -EIO);
		return -EIO;	/* ok: read_folio.unlocks */
	}
	heath_end(&read, 0);
	return 0;	/* ok: read_folio.unlocks */
}

static int heath_sealed_read_folio(struct file *file, struct folio *folio)
{
	struct heath_read read = { .folio = folio };

	read.done = store_sealed(folio->mapping->host);
	heath_end(&read, 0);
	return 0;	/* violates: read_folio.unlocks moderate */
}

const struct address_space_operations heath_aops = {
	.read_folio = heath_read_folio,
};

const struct address_space_operations heath_sealed_aops = {
	.read_folio = heath_sealed_read_folio,
};
