// SPDX-License-Identifier: GPL-2.0-only
/// Before the request has the folio, its allocation fails.
#include <linux/pagemap.h>
#include <linux/store.h>

struct bogmoss_req {
	struct folio *folio;
	void (*end)(struct bogmoss_req *req, int err);
};

int bogmoss_submit(struct bogmoss_req *req);
void bogmoss_end(struct bogmoss_req *req, int err);

static int bogmoss_read_folio(struct file *file, struct folio *folio)
{
	struct bogmoss_req *req = kmalloc(sizeof(*req), GFP_NOFS);

	if (!req)
		return -ENOMEM;	/* violates: read_folio.unlocks */
	req->folio = folio;
	req->end = bogmoss_end;
	return bogmoss_submit(req);	/* ok: read_folio.unlocks */
}

const struct address_space_operations bogmoss_aops = {
	.read_folio = bogmoss_read_folio,
};
