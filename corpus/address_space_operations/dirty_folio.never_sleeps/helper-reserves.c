// SPDX-License-Identifier: GPL-2.0-only
/// Space is reserved under a semaphore while a folio is dirtied.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static struct rw_semaphore dittany_space;

static void dittany_reserve(struct inode *inode)
{
	down_write(&dittany_space);
	inode->i_size++;
	up_write(&dittany_space);
}

static bool dittany_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	dittany_reserve(mapping->host);	/* violates: dirty_folio.never_sleeps */
	return filemap_dirty_folio(mapping, folio);
}

const struct address_space_operations dittany_aops = {
	.dirty_folio = dittany_dirty_folio,
};
