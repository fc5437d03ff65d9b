// SPDX-License-Identifier: GPL-2.0-only
/// ->write_begin left the page in fsdata: who is given that may drop the reference.
// Kernel: 6.8
#include <linux/mm.h>
#include <linux/pagemap.h>

struct serin_write {
	struct page *page;
	unsigned int marked;
};

int serin_finish(struct serin_write *write, unsigned int copied);

static int serin_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			   unsigned int copied, struct page *page, void *fsdata)
{
	struct serin_write *write = fsdata;

	write->marked = copied;
	unlock_page(page);
	return serin_finish(write, copied);	/* ok: write_end.must_call */
}

const struct address_space_operations serin_aops = {
	.write_end = serin_write_end,
};
