// SPDX-License-Identifier: GPL-2.0-only
/// Success returns before the label, which only unlocks and returns the code.
// Source: shape of the code after 717beb96d969 ("Btrfs: fix regression in btrfs_page_mkwrite() from vm_fault_t conversion")
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int cherry_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;
	unsigned int ret = VM_FAULT_SIGBUS;

	if (store_reserve(inode, PAGE_SIZE))
		goto out;

	ret = VM_FAULT_NOPAGE;
again:
	lock_page(page);
	if (page->mapping != inode->i_mapping)
		goto out_unlock;
	if (PageError(page)) {
		unlock_page(page);
		cond_resched();
		goto again;
	}
	set_page_dirty(page);
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns, page_mkwrite.returns_locked */

out_unlock:
	unlock_page(page);
out:
	return ret;	/* ok: page_mkwrite.returns, page_mkwrite.returns_locked */
}

const struct vm_operations_struct cherry_vm_ops = {
	.page_mkwrite = cherry_page_mkwrite,
};
