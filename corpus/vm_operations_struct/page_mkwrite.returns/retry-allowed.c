// SPDX-License-Identifier: GPL-2.0-only
/// RETRY where the caller allows it, which the caller of ->page_mkwrite never does.
#include <linux/methods.h>
#include <linux/pagemap.h>

static struct page *willow_page(struct vm_fault *vmf)
{
	if (!vmf->page)
		vmf->page = vma_inode(vmf->vma)->i_private;
	return vmf->page;
}

static unsigned int willow_fault(struct vm_fault *vmf)
{
	struct page *page = willow_page(vmf);

	if (vmf->flags & FAULT_FLAG_ALLOW_RETRY)
		return VM_FAULT_RETRY;	/* ok: page_mkwrite.returns */
	lock_page(page);
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct willow_vm_ops = {
	.fault = willow_fault,
	.page_mkwrite = willow_fault,
};
