// SPDX-License-Identifier: GPL-2.0-only
/// RETRY is a step on the way: what comes out is NOPAGE.
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int rowan_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	unsigned int ret = VM_FAULT_RETRY;

	if (lock_page_killable(page) < 0)
		goto out;
	ret = VM_FAULT_LOCKED | VM_FAULT_RETRY;
	if (page->mapping == vma_inode(vmf->vma)->i_mapping)
		return VM_FAULT_LOCKED | VM_FAULT_MAJOR;	/* ok: page_mkwrite.returns */
	unlock_page(page);
out:
	ret = VM_FAULT_NOPAGE;
	return ret;	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct rowan_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = rowan_page_mkwrite,
};
