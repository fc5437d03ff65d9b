// SPDX-License-Identifier: GPL-2.0-only
/// The page is locked and RETRY is added: the VM sees the lock, and maps what was not prepared.
// Fixable: no
// Source: the shape of orangefs_page_mkwrite() of 6.1 and 6.12
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int alder_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;
	unsigned int ret;

	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns */
	}
	ret = VM_FAULT_LOCKED;
	if (store_reserve(inode, PAGE_SIZE))
		ret = VM_FAULT_LOCKED | VM_FAULT_RETRY;
	return ret;	/* violates: page_mkwrite.returns */
}

const struct vm_operations_struct alder_vm_ops = {
	.page_mkwrite = alder_page_mkwrite,
};
