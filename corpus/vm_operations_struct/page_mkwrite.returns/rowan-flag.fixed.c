// SPDX-License-Identifier: GPL-2.0-only
/// The wait is for a flag that nothing of this file system sets: the code is dead.
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int rowan_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	if (PageFsCache(page) && wait_on_page_fscache_killable(page) < 0)
		return VM_FAULT_NOPAGE;
	lock_page(page);
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct rowan_vm_ops = {
	.page_mkwrite = rowan_page_mkwrite,
};
