// SPDX-License-Identifier: GPL-2.0-only
/// A page that was freed is locked once more.
// Kernel: 5.8
// Fixable: no
#include <linux/pagemap.h>

static void melilot_freepage(struct page *page)
{
	lock_page(page);	/* violates: freepage.keeps_locked */
	ClearPageError(page);
}

const struct address_space_operations melilot_aops = {
	.freepage = melilot_freepage,
};
