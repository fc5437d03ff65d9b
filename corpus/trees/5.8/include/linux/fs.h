/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/types.h>

struct page;
struct folio;
struct readahead_control;
struct writeback_control;

struct super_block {
	void *s_fs_info;
	bool s_shutdown;
};

struct inode {
	struct super_block *i_sb;
	struct address_space *i_mapping;
	loff_t i_size;
	void *i_private;
};

struct file {
	struct inode *f_inode;
	void *private_data;
};

struct address_space {
	struct inode *host;
	const struct address_space_operations *a_ops;
};

enum {
	AOP_WRITEPAGE_ACTIVATE = 0x80000,
	AOP_TRUNCATED_PAGE = 0x80001,
};

struct address_space_operations {
	int (*writepage)(struct page *page, struct writeback_control *wbc);
	int (*readpage)(struct file *file, struct page *page);
	int (*writepages)(struct address_space *mapping, struct writeback_control *wbc);
	int (*set_page_dirty)(struct page *page);
	void (*readahead)(struct readahead_control *rac);
	int (*write_begin)(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			   unsigned int flags, struct page **pagep, void **fsdata);
	int (*write_end)(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			 unsigned int copied, struct page *page, void *fsdata);
	void (*invalidatepage)(struct page *page, unsigned int offset, unsigned int length);
	int (*releasepage)(struct page *page, gfp_t flags);
	void (*freepage)(struct page *page);
	bool (*isolate_page)(struct page *page, int mode);
	int (*migratepage)(struct address_space *mapping, struct page *to, struct page *from, int mode);
	void (*putback_page)(struct page *page);
	int (*launder_page)(struct page *page);
	int (*error_remove_page)(struct address_space *mapping, struct page *page);
};

static inline loff_t i_size_read(const struct inode *inode)
{
	return inode->i_size;
}

static inline void i_size_write(struct inode *inode, loff_t size)
{
	inode->i_size = size;
}

void mark_inode_dirty(struct inode *inode);

#endif
