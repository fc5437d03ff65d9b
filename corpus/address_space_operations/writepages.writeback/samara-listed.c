// SPDX-License-Identifier: GPL-2.0-only
/// Each folio of the loop is sent at once by a list on the stack, which has it as a number, and unlocked dirty.
// Kernel: 7.3
#include <linux/pagemap.h>

struct samara_part {
	unsigned long link;
};

static void samara_assign(struct samara_part *part, struct folio *folio)
{
	unsigned long bits = part->link & 3;

	part->link = bits | (unsigned long)folio;
}

static int samara_send(struct folio *folio)
{
	struct samara_part part = { 0 };

	samara_assign(&part, folio);
	return generic_write(folio->mapping->host, folio_pos(folio), &part, folio_size(folio));
}

static int samara_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {
		err = samara_send(folio);
		folio_unlock(folio);	/* violates: writepages.writeback */
		if (err)
			mapping_set_error(mapping, err);
	}
	return err;
}

const struct address_space_operations samara_listed_aops = {
	.writepages = samara_writepages,
};
