// SPDX-License-Identifier: GPL-2.0-only
/// What was seen before the lock was taken may be over when it is.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int thyme_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;

	if (page->mapping != inode->i_mapping)
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	lock_page(page);
	set_page_dirty(page);
	return VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns_locked moderate */
}

static unsigned int thyme_fault(struct vm_fault *vmf)
{
	return filemap_fault(vmf);
}

const struct vm_operations_struct thyme_vm_ops = {
	.fault = thyme_fault,
	.page_mkwrite = thyme_page_mkwrite,
};
