// SPDX-License-Identifier: GPL-2.0-only
/// A lock that is only tried may be held by the task itself: another code would make it fault for ever.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int arum_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);

	if (!inode_trylock(inode))
		return VM_FAULT_RETRY;	/* violates: page_mkwrite.returns */
	store_reserve(inode, PAGE_SIZE);
	inode_unlock(inode);
	lock_page(vmf->page);
	if (vmf->page->mapping != inode->i_mapping) {
		unlock_page(vmf->page);
		return VM_FAULT_NOPAGE;
	}
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct arum_vm_ops = {
	.page_mkwrite = arum_page_mkwrite,
};
