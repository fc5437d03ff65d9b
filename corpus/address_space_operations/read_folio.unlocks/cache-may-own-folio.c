// SPDX-License-Identifier: GPL-2.0-only
/// The unlock asks first whether a cache below took the folio; whether that is so, nobody can tell from here.
// Kernel: 6.8
// Fixable: no
// Source: shape of the code after 11974eec839c ("NFS: Read unlock folio on nfs_page_create_from_folio() error")
#include <linux/pagemap.h>

struct mullein_request {
	struct folio *folio;
};

int mullein_request_queue(struct mullein_request *request);
void mullein_request_done(struct mullein_request *request);

static bool mullein_cache_reads(struct folio *folio)
{
	return folio->private;
}

static struct mullein_request *mullein_request_make(struct folio *folio)
{
	struct mullein_request *request = kmalloc(sizeof(*request), GFP_KERNEL);

	if (!request)
		return ERR_PTR(-ENOMEM);
	request->folio = folio;
	return request;
}

static int mullein_add(struct folio *folio)
{
	struct mullein_request *request;
	int err;

	request = mullein_request_make(folio);
	if (IS_ERR(request)) {
		err = PTR_ERR(request);
		if (!mullein_cache_reads(folio))
			folio_unlock(folio);
		goto out;
	}
	err = mullein_request_queue(request);
	if (err)
		mullein_request_done(request);
out:
	return err;	/* violates: read_folio.unlocks low */
}

static int mullein_read_folio(struct file *file, struct folio *folio)
{
	return mullein_add(folio);
}

const struct address_space_operations mullein_aops = {
	.read_folio = mullein_read_folio,
};
