// SPDX-License-Identifier: GPL-2.0-only
/// A truncated page is given up without being unlocked.
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int tansy_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	struct inode *inode = vma_inode(vmf->vma);

	lock_page(page);
	if (page->mapping != inode->i_mapping)
		return VM_FAULT_NOPAGE;	/* violates: page_mkwrite.returns_locked */
	set_page_dirty(page);
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct tansy_vm_ops = {
	.page_mkwrite = tansy_page_mkwrite,
};
