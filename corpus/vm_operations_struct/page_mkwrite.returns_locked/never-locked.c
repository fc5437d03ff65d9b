// SPDX-License-Identifier: GPL-2.0-only
/// One way tells that the page is locked before anything has locked it.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int teasel_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	struct inode *inode = vma_inode(vmf->vma);
	unsigned int ret = VM_FAULT_LOCKED;

	if (inode->i_size == 0)
		goto out;
	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		ret = VM_FAULT_NOPAGE;
	}
out:
	return ret;	/* violates: page_mkwrite.returns_locked */
}

const struct vm_operations_struct teasel_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = teasel_page_mkwrite,
};
