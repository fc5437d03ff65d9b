// SPDX-License-Identifier: GPL-2.0-only
/// The callback lets go of the source itself when it fails, and the label of the method knows nothing of it.
// Kernel: 6.8
// Fixable: no
// Source: after the shape of fac47b43c760 ("netfs: do not unlock and put the folio twice"), put into ->migrate_folio
#include <linux/pagemap.h>
#include <linux/store.h>

static int fennel_prepare(struct folio *folio)
{
	if (folio_test_dirty(folio)) {
		folio_unlock(folio);
		return -EAGAIN;
	}
	return 0;
}

static int fennel_migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src, int mode)
{
	int err;

	err = fennel_prepare(src);
	if (err)
		goto out;
	folio_copy(dst, src);
	return 0;	/* ok: migrate_folio.keeps_locked */
out:
	return err;	/* violates: migrate_folio.keeps_locked moderate */
}

const struct address_space_operations fennel_aops = {
	.migrate_folio = fennel_migrate_folio,
};
