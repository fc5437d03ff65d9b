// SPDX-License-Identifier: GPL-2.0-only
/// No backing device is set up: no flusher thread looks for the dirty pages of this file system.
// Fixable: no
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

struct file_system_type {
	const char *name;
};

int register_filesystem(struct file_system_type *type);

static int gladdon_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	unlock_page(page);
	return err;	/* violates: writepage.writeback low */
}

const struct address_space_operations gladdon_aops = {
	.writepage = gladdon_writepage,
};

static struct file_system_type gladdon_type = {
	.name = "gladdon",
};

int gladdon_init(void)
{
	return register_filesystem(&gladdon_type);
}
