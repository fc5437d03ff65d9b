// SPDX-License-Identifier: GPL-2.0-only
/// The helper that gets the page itself leaves it locked, whatever it says, and the method asks for no unlock.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static int fieldfare_prepare(struct inode *inode, struct page *page)
{
	lock_page(page);
	return store_reserve(inode, PAGE_SIZE);
}

static unsigned int fieldfare_answer(struct inode *inode, struct page *page)
{
	if (page->mapping != inode->i_mapping)
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	if (fieldfare_prepare(inode, page))
		return VM_FAULT_SIGBUS;	/* violates: page_mkwrite.returns_locked */
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns_locked */
}

static unsigned int fieldfare_page_mkwrite(struct vm_fault *vmf)
{
	return fieldfare_answer(vma_inode(vmf->vma), vmf->page);	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct fieldfare_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = fieldfare_page_mkwrite,
};
