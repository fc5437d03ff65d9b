// SPDX-License-Identifier: GPL-2.0-only
/// RETRY alone is not looked at by the caller of this method; the code comes by a label.
// Source: the shape of "mm: avoid returning VM_FAULT_RETRY from ->page_mkwrite handlers" (2017)
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int box_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct page *page = vmf->page;
	unsigned int ret = VM_FAULT_LOCKED;

	lock_page(page);
	if (page->mapping == inode->i_mapping) {
		set_page_dirty(page);
		return ret;
	}
	ret = VM_FAULT_NOPAGE;
	unlock_page(page);
	return ret;
}

const struct vm_operations_struct box_vm_ops = {
	.page_mkwrite = box_page_mkwrite,
};
