// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked, and the caller is told that it is locked.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int tansy_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	struct inode *inode = vma_inode(vmf->vma);

	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	}
	set_page_dirty(page);
	unlock_page(page);
	return VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns_locked */
}

const struct vm_operations_struct tansy_vm_ops = {
	.page_mkwrite = tansy_page_mkwrite,
};
