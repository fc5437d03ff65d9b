// SPDX-License-Identifier: GPL-2.0-only
/// The folio is unlocked where the helper says that it could not start; else the completion does it.
#include <linux/pagemap.h>
#include <linux/store.h>

struct peatmoss_req {
	struct folio *folio;
	void (*end)(struct peatmoss_req *req, int err);
};

int peatmoss_submit(struct peatmoss_req *req);

static void peatmoss_end(struct peatmoss_req *req, int err)
{
	if (!err)
		folio_mark_uptodate(req->folio);
	folio_unlock(req->folio);
	kfree(req);
}

static int peatmoss_read_folio(struct file *file, struct folio *folio)
{
	struct peatmoss_req *req = kmalloc(sizeof(*req), GFP_NOFS);
	int err;

	if (!req) {
		folio_unlock(folio);
		return -ENOMEM;	/* ok: read_folio.unlocks */
	}
	req->folio = folio;
	req->end = peatmoss_end;
	err = peatmoss_submit(req);
	if (err)
		peatmoss_end(req, err);
	return err;	/* ok: read_folio.unlocks */
}

const struct address_space_operations peatmoss_aops = {
	.read_folio = peatmoss_read_folio,
};
