// SPDX-License-Identifier: GPL-2.0-only
/// What the wait has told is put aside before it is asked: the test itself names no wait.
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int dodder_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	int err;

	err = folio_wait_writeback_killable(page_folio(page));
	if (err)
		return VM_FAULT_NOPAGE;
	lock_page(page);
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct dodder_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = dodder_page_mkwrite,
};
