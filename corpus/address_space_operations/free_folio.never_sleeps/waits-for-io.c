// SPDX-License-Identifier: GPL-2.0-only
/// A folio that left the page cache is waited for.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static void dock_free_folio(struct folio *folio)
{
	while (folio->index)
		msleep(1);	/* violates: free_folio.never_sleeps */
	kfree(folio->private);
}

const struct address_space_operations dock_aops = {
	.free_folio = dock_free_folio,
};
