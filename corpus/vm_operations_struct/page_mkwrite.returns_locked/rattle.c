// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked for a while and never locked again.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/methods.h>

static unsigned int rattle_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	lock_page(page);
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	}
	unlock_page(page);
	if (store_reserve(vma_inode(vmf->vma), PAGE_SIZE))
		return VM_FAULT_SIGBUS;	/* ok: page_mkwrite.returns_locked */
	return VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns_locked */
}

const struct vm_operations_struct rattle_vm_ops = {
	.page_mkwrite = rattle_page_mkwrite,
};
