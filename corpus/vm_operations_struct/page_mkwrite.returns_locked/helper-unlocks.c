// SPDX-License-Identifier: GPL-2.0-only
/// The helper that writes the page unlocks it when it fails, and its caller does not look.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>

static int spurge_reserve(struct page *page)
{
	int err = page->flags & 2 ? -EIO : 0;

	if (err)
		unlock_page(page);
	return err;
}

static unsigned int spurge_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	lock_page(page);
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	}
	if (spurge_reserve(page))
		set_page_dirty(page);
	return VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns_locked */
}

const struct vm_operations_struct spurge_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = spurge_page_mkwrite,
};
