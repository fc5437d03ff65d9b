// SPDX-License-Identifier: GPL-2.0-only
/// The folio lies in an array of the request; the request releases it, but not where it was not begun.
#include <linux/pagemap.h>
#include <linux/store.h>

struct sundew_req {
	struct folio *folios[4];
	int nr;
	int err;
};

static void sundew_release(struct sundew_req *req)
{
	int i;

	for (i = 0; i < req->nr; i++)
		folio_unlock(req->folios[i]);
}

static int sundew_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct sundew_req req = { .folios = { folio }, .nr = 1 };

	if (folio_pos(folio) >= i_size_read(inode)) {
		folio_unlock(folio);
		return -EIO;
	}
	req.err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (!req.err)
		folio_mark_uptodate(folio);
	sundew_release(&req);
	return req.err;
}

const struct address_space_operations sundew_aops = {
	.read_folio = sundew_read_folio,
};
