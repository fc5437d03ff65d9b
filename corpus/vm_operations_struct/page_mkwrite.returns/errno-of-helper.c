// SPDX-License-Identifier: GPL-2.0-only
/// The helper that prepares the write speaks in error numbers, and so does the method that returns its result.
// Fixable: no
// Source: shape of the code before 5cffff9e2986 ("ocfs2: Fix ocfs2_page_mkwrite()")
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static int laburnum_make_writable(struct inode *inode, struct page *page)
{
	int err = -EINVAL;

	lock_page(page);
	if (!PageUptodate(page))
		goto out;
	err = store_reserve(inode, PAGE_SIZE) ? -ENOSPC : 0;
	if (!err)
		set_page_dirty(page);
out:
	unlock_page(page);
	return err;	/* violates: page_mkwrite.returns moderate */
}

static unsigned int laburnum_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);

	if (!inode->i_size)
		return -EINVAL;	/* violates: page_mkwrite.returns */
	return laburnum_make_writable(inode, vmf->page);
}

const struct vm_operations_struct laburnum_vm_ops = {
	.page_mkwrite = laburnum_page_mkwrite,
};
