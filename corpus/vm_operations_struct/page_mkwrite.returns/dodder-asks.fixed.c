// SPDX-License-Identifier: GPL-2.0-only
/// What the killable lock has told is put aside before it is asked: the test itself names no wait, and nothing is locked behind it.
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int dodder_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	int err;

	err = lock_page_killable(page);
	if (err)
		return VM_FAULT_NOPAGE;
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
