// SPDX-License-Identifier: GPL-2.0-only
/// The delegate forgets the unlock, and a method of another table calls it too: who unlocks for that one is not to be seen here.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

struct medick_request { struct folio *folio; };
struct medick_operations {
	int (*issue)(struct medick_request *request);
};

static int medick_add(struct folio *folio)
{
	if (store_read(folio->mapping->host, folio_pos(folio), page_address(&folio->page), PAGE_SIZE))
		return -EIO;	/* violates: read_folio.unlocks */
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;	/* ok: read_folio.unlocks */
}

static int medick_issue(struct medick_request *request)
{
	return medick_add(request->folio);
}

static int medick_read_folio(struct file *file, struct folio *folio)
{
	return medick_add(folio);
}

const struct medick_operations medick_ops = {
	.issue = medick_issue,
};

const struct address_space_operations medick_aops = {
	.read_folio = medick_read_folio,
};
