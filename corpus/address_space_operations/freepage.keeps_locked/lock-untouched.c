// SPDX-License-Identifier: GPL-2.0-only
/// The flags are cleared under the lock that is held.
// Kernel: 5.8
#include <linux/pagemap.h>

static void melilot_freepage(struct page *page)
{
	ClearPageError(page);	/* ok: freepage.keeps_locked */
	ClearPageUptodate(page);
}

const struct address_space_operations melilot_aops = {
	.freepage = melilot_freepage,
};
