// SPDX-License-Identifier: GPL-2.0-only
/// Two codes that contradict each other; it works because NOPAGE is looked at first.
// Fixable: no
// Source: the shape of orangefs_page_mkwrite() of 6.1 and 6.12
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int ash_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	lock_page(page);
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE|VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns low */
	}
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct ash_vm_ops = {
	.page_mkwrite = ash_page_mkwrite,
};
