/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/rwsem.h>
#include <linux/types.h>

struct block_device;
struct dentry;
struct page;
struct folio;
struct readahead_control;
struct writeback_control;

struct super_block {
	struct rw_semaphore s_umount;
	struct dentry *s_root;
	struct block_device *s_bdev;
	void *s_fs_info;
	bool s_shutdown;
};

struct inode {
	struct rw_semaphore i_rwsem;
	const struct inode_operations *i_op;
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
	void *private_data;
};

enum {
	AOP_WRITEPAGE_ACTIVATE = 0x80000,
	AOP_TRUNCATED_PAGE = 0x80001,
};

struct address_space_operations {
	int (*writepage)(struct page *page, struct writeback_control *wbc);
	int (*read_folio)(struct file *file, struct folio *folio);
	int (*writepages)(struct address_space *mapping, struct writeback_control *wbc);
	bool (*dirty_folio)(struct address_space *mapping, struct folio *folio);
	void (*readahead)(struct readahead_control *rac);
	int (*write_begin)(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			   struct page **pagep, void **fsdata);
	int (*write_end)(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
			 unsigned int copied, struct page *page, void *fsdata);
	void (*invalidate_folio)(struct folio *folio, size_t start, size_t len);
	int (*launder_folio)(struct folio *folio);
	sector_t (*bmap)(struct address_space *mapping, sector_t block);
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
void ihold(struct inode *inode);
void iput(struct inode *inode);

#endif
