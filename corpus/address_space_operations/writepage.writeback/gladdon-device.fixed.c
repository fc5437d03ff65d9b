// SPDX-License-Identifier: GPL-2.0-only
/// As its brother, with a backing device: the flusher threads come, and find a tag that nobody clears.
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

struct file_system_type {
	const char *name;
};

int super_setup_bdi(struct super_block *sb);
int register_filesystem(struct file_system_type *type);

static int gladdon_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	set_page_writeback(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	unlock_page(page);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations gladdon_aops = {
	.writepage = gladdon_writepage,
};

int gladdon_fill_super(struct super_block *sb, void *data, int silent)
{
	return super_setup_bdi(sb);
}

static struct file_system_type gladdon_type = {
	.name = "gladdon",
};

int gladdon_init(void)
{
	return register_filesystem(&gladdon_type);
}
