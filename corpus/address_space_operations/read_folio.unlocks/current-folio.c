// SPDX-License-Identifier: GPL-2.0-only
/// The folio is put into the context of a read, as iomap does; before that, one way leaves with it locked.
// Kernel: 7.3
#include <linux/pagemap.h>

struct celandine_context {
	struct folio *cur_folio;
};

static void celandine_read(struct celandine_context *context)
{
	context->cur_folio->private = NULL;
	folio_unlock(context->cur_folio);
}

static int celandine_read_folio(struct file *file, struct folio *folio)
{
	struct celandine_context context = { .cur_folio = folio };

	if (!folio->mapping->host->i_size)
		return -EIO;	/* violates: read_folio.unlocks */
	celandine_read(&context);
	return 0;	/* ok: read_folio.unlocks */
}

const struct address_space_operations celandine_aops = {
	.read_folio = celandine_read_folio,
};
