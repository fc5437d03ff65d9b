// SPDX-License-Identifier: GPL-2.0-only
/// NOPAGE for the truncated page, SIGBUS for a store that fails.
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int holly_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;

	if (store_reserve(inode, PAGE_SIZE))
		return VM_FAULT_SIGBUS;	/* ok: page_mkwrite.returns */
	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns */
	}
	set_page_dirty(page);
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct holly_vm_ops = {
	.page_mkwrite = holly_page_mkwrite,
};
