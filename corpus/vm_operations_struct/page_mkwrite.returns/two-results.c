// SPDX-License-Identifier: GPL-2.0-only
/// Two results, and only one of them knows that the page has left the file: locked, it is said to be writable.
// Fixable: no
// Source: shape of the code before 717beb96d969 ("Btrfs: fix regression in btrfs_page_mkwrite() from vm_fault_t conversion")
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int bullace_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;
	unsigned int ret = VM_FAULT_SIGBUS;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		goto out;

	ret = VM_FAULT_NOPAGE;
	lock_page(page);
	if (page->mapping != inode->i_mapping)
		goto out_unlock;
	set_page_dirty(page);

out_unlock:
	if (!err)
		return VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns moderate */
	unlock_page(page);
out:
	return ret;	/* ok: page_mkwrite.returns, page_mkwrite.returns_locked */
}

const struct vm_operations_struct bullace_vm_ops = {
	.page_mkwrite = bullace_page_mkwrite,
};
