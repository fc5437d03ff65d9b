// SPDX-License-Identifier: GPL-2.0-only
/// The code that is returned decides whether the page is unlocked.
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int tansy_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	struct inode *inode = vma_inode(vmf->vma);
	unsigned int ret = VM_FAULT_LOCKED;

	lock_page(page);
	if (page->mapping != inode->i_mapping)
		ret = VM_FAULT_NOPAGE;
	if (ret != VM_FAULT_LOCKED)
		unlock_page(page);
	return ret;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct tansy_vm_ops = {
	.page_mkwrite = tansy_page_mkwrite,
};
