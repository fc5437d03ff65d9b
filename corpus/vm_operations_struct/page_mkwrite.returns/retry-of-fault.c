// SPDX-License-Identifier: GPL-2.0-only
/// The function is ->fault too, which may return RETRY.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>

static struct page *hazel_page(struct vm_fault *vmf)
{
	if (!vmf->page)
		vmf->page = vma_inode(vmf->vma)->i_private;
	return vmf->page;
}

static unsigned int hazel_fault(struct vm_fault *vmf)
{
	struct page *page = hazel_page(vmf);

	if (lock_page_killable(page) < 0)
		return VM_FAULT_RETRY;	/* violates: page_mkwrite.returns moderate */
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct hazel_vm_ops = {
	.fault = hazel_fault,
	.page_mkwrite = hazel_fault,
};
