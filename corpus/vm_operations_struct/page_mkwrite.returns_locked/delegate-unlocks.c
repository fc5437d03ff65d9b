// SPDX-License-Identifier: GPL-2.0-only
/// The function whose answer the method returns says the wrong thing, after it has waited without the lock.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int burdock_serve(struct vm_fault *vmf, struct inode *inode)
{
	struct page *page = vmf->page;
	unsigned int ret;

	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		ret = VM_FAULT_NOPAGE;
		goto unlock;
	}
	ret = VM_FAULT_LOCKED;
	if (page->flags & 2)
		goto unlock;
	return ret;	/* ok: page_mkwrite.returns_locked */
unlock:
	unlock_page(page);
	return ret;	/* violates: page_mkwrite.returns_locked */
}

static unsigned int burdock_page_mkwrite(struct vm_fault *vmf)
{
	return burdock_serve(vmf, vma_inode(vmf->vma));	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct burdock_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = burdock_page_mkwrite,
};
