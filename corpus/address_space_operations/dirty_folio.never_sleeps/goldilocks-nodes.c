// SPDX-License-Identifier: GPL-2.0-only
/// Nodes get no file operations: nobody maps them, and no page table lock is held when their folios are dirtied.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/pagemap.h>

static struct rw_semaphore goldilocks_space;

static bool goldilocks_dirty_node(struct address_space *mapping, struct folio *folio)
{
	down_write(&goldilocks_space);	/* violates: dirty_folio.never_sleeps low */
	up_write(&goldilocks_space);
	return filemap_dirty_folio(mapping, folio);
}

static bool goldilocks_dirty_data(struct address_space *mapping, struct folio *folio)
{
	down_read(&goldilocks_space);	/* violates: dirty_folio.never_sleeps */
	up_read(&goldilocks_space);
	return filemap_dirty_folio(mapping, folio);
}

static const struct address_space_operations goldilocks_node_aops = {
	.dirty_folio = goldilocks_dirty_node,
};

static const struct address_space_operations goldilocks_data_aops = {
	.dirty_folio = goldilocks_dirty_data,
};

extern const struct file_operations goldilocks_file_operations;

void goldilocks_read_inode(struct inode *inode);

void goldilocks_read_inode(struct inode *inode)
{
	if (inode->i_ino == 1) {
		inode->i_mapping->a_ops = &goldilocks_node_aops;
	} else {
		inode->i_fop = &goldilocks_file_operations;
		inode->i_mapping->a_ops = &goldilocks_data_aops;
	}
}
