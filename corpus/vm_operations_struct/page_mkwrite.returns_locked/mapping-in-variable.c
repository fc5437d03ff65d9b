// SPDX-License-Identifier: GPL-2.0-only
/// The mapping is read under the lock and compared by another name.
// Source: the shape of nfs_vm_page_mkwrite() of 6.1
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int cumin_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;
	struct address_space *mapping;
	unsigned int ret = VM_FAULT_NOPAGE;

	lock_page(page);
	mapping = page->mapping;
	if (mapping != inode->i_mapping)
		goto unlock;
	set_page_dirty(page);
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns_locked */
unlock:
	unlock_page(page);
	return ret;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct cumin_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = cumin_page_mkwrite,
};
