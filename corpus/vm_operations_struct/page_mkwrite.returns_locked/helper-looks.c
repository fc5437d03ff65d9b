// SPDX-License-Identifier: GPL-2.0-only
/// The helper that gets the page looks at its mapping.
#include <linux/methods.h>
#include <linux/pagemap.h>

static int anise_gone(struct inode *inode, struct page *page)
{
	return page->mapping != inode->i_mapping;
}

static unsigned int anise_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	if (lock_page_killable(page) < 0)
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	if (anise_gone(vma_inode(vmf->vma), page)) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	}
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct anise_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = anise_page_mkwrite,
};
