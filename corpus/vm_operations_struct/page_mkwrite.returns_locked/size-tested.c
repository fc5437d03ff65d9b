// SPDX-License-Identifier: GPL-2.0-only
/// A page behind the end of the file was truncated: its place is looked at, not its mapping.
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int clove_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;

	lock_page(page);
	if (page_offset(page) >= i_size_read(inode)) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	}
	set_page_dirty(page);
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct clove_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = clove_page_mkwrite,
};
