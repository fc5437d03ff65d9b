// SPDX-License-Identifier: GPL-2.0-only
/// Three calls down, a request that cannot be made leaves the folio locked; its neighbours release it.
// Kernel: 6.8
// Source: shape of the code before 11974eec839c ("NFS: Read unlock folio on nfs_page_create_from_folio() error")
#include <linux/pagemap.h>

struct sorrel_request {
	struct folio *folio;
};

int sorrel_request_queue(struct sorrel_request *request);

static struct sorrel_request *sorrel_request_make(struct folio *folio)
{
	struct sorrel_request *request = kmalloc(sizeof(*request), GFP_KERNEL);

	if (!request)
		return ERR_PTR(-ENOMEM);
	request->folio = folio;
	return request;
}

static void sorrel_request_done(struct sorrel_request *request)
{
	folio_unlock(request->folio);
	kfree(request);
}

static int sorrel_add(struct folio *folio)
{
	struct sorrel_request *request;
	int err = 0;

	if (!folio->private) {
		folio_unlock(folio);
		goto out;
	}
	request = sorrel_request_make(folio);
	if (IS_ERR(request)) {
		err = PTR_ERR(request);
		goto out;
	}
	err = sorrel_request_queue(request);
	if (err)
		sorrel_request_done(request);
out:
	return err;	/* violates: read_folio.unlocks */
}

static int sorrel_read_folio(struct file *file, struct folio *folio)
{
	return sorrel_add(folio);
}

const struct address_space_operations sorrel_aops = {
	.read_folio = sorrel_read_folio,
};
