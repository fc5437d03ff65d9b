// SPDX-License-Identifier: GPL-2.0-only
/// A task that is killed while it waits gives up, and the page is mapped writable all the same.
// Source: the shape of cifs_page_mkwrite() and v9fs_vm_page_mkwrite() of 6.1
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int larch_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	if (folio_wait_writeback_killable(page_folio(page)) < 0)
		return VM_FAULT_RETRY;	/* violates: page_mkwrite.returns */
	if (lock_page_killable(page) < 0)
		return VM_FAULT_RETRY;	/* violates: page_mkwrite.returns */
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns */
	}
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct larch_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = larch_page_mkwrite,
};
