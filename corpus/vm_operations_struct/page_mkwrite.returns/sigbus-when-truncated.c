// SPDX-License-Identifier: GPL-2.0-only
/// A page that was truncated under a running writer is no error of the writer.
// Fixable: no
// Source: shape of the code before 56a76f8275c3 ("fs: fix page_mkwrite error cases in core code and btrfs")
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int yew_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;

	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		return VM_FAULT_SIGBUS;	/* violates: page_mkwrite.returns moderate */
	}
	set_page_dirty(page);
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct yew_vm_ops = {
	.page_mkwrite = yew_page_mkwrite,
};
