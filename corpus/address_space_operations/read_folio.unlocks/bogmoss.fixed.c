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

	if (!req) {
		folio_unlock(folio);
		return -ENOMEM;
	}
	req->folio = folio;
	req->end = bogmoss_end;
	return bogmoss_submit(req);
}

const struct address_space_operations bogmoss_aops = {
	.read_folio = bogmoss_read_folio,
};
