// SPDX-License-Identifier: GPL-2.0-only
/// The helper locks the page of the fault, and says so by its result.
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static int sorrel_ready(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	lock_page(page);
	if (page->mapping == vma_inode(vmf->vma)->i_mapping)
		return 0;
	unlock_page(page);
	return -EINVAL;
}

static unsigned int sorrel_page_mkwrite(struct vm_fault *vmf)
{
	int err = sorrel_ready(vmf);

	if (err)
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct sorrel_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = sorrel_page_mkwrite,
};
