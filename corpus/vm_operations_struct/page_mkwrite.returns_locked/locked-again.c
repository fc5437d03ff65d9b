// SPDX-License-Identifier: GPL-2.0-only
/// The page was looked at under the first lock only.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int mint_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;

	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	}
	unlock_page(page);
	if (store_reserve(inode, PAGE_SIZE))
		return VM_FAULT_SIGBUS;	/* ok: page_mkwrite.returns_locked */
	lock_page(page);
	return VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns_locked moderate */
}

const struct vm_operations_struct mint_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = mint_page_mkwrite,
};
