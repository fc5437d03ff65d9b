// SPDX-License-Identifier: GPL-2.0-only
/// The function that gets the page of the fault says that it is locked, and has unlocked it.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int siskin_answer(struct inode *inode, struct page *page)
{
	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	}
	set_page_dirty(page);
	unlock_page(page);
	return VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns_locked */
}

static unsigned int siskin_page_mkwrite(struct vm_fault *vmf)
{
	unsigned int ret;

	ret = siskin_answer(vma_inode(vmf->vma), vmf->page);
	return ret;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct siskin_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = siskin_page_mkwrite,
};
