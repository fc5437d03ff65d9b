// SPDX-License-Identifier: GPL-2.0-only
/// The refusal is for good: VM_FAULT_NOPAGE would have the fault taken again for ever, and which error it is nobody can see.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int sowthistle_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;

	if (inode->i_size > PAGE_SIZE)
		return VM_FAULT_SIGBUS;	/* ok: page_mkwrite.returns */
	if (inode->i_private)
		return VM_FAULT_RETRY;	/* violates: page_mkwrite.returns */
	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns */
	}
	set_page_dirty(page);
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns */
}

static const struct vm_operations_struct sowthistle_vm_ops = {
	.page_mkwrite = sowthistle_page_mkwrite,
};
