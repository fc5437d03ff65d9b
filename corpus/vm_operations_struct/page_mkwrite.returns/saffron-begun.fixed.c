// SPDX-License-Identifier: GPL-2.0-only
/// What the function has begun it ends on its other ways: another code alone would leave that open for good.
// Source: the shape of afs_page_mkwrite() of 5.10
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

void store_start_fault(struct inode *inode);
void store_end_fault(struct inode *inode);

static unsigned int saffron_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);

	store_start_fault(inode);
	if (lock_page_killable(vmf->page) < 0) {
		store_end_fault(inode);
		return VM_FAULT_NOPAGE;
	}
	if (vmf->page->mapping != inode->i_mapping) {
		unlock_page(vmf->page);
		store_end_fault(inode);
		return VM_FAULT_NOPAGE;
	}
	store_end_fault(inode);
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct saffron_vm_ops = {
	.page_mkwrite = saffron_page_mkwrite,
};
