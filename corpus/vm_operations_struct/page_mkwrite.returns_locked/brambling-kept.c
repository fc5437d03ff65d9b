// SPDX-License-Identifier: GPL-2.0-only
/// The helper locks the page of the fault, and where the block cannot be had it fails without the unlock.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static int brambling_prepare(struct inode *inode, struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	int err;

	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		return -EIO;
	}
	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		return err;
	return 0;
}

static unsigned int brambling_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);

	if (brambling_prepare(inode, vmf))
		return VM_FAULT_SIGBUS;	/* violates: page_mkwrite.returns_locked moderate */
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct brambling_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = brambling_page_mkwrite,
};
