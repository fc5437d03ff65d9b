// SPDX-License-Identifier: GPL-2.0-only
/// What a helper fails with is handed on by a variable, as an error number; the next one makes a code of it.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static int speedwell_reserve(struct inode *inode)
{
	int err = store_reserve(inode, PAGE_SIZE);

	if (!inode->i_size)
		err = -ENOSPC;
	return err;
}

static int speedwell_fill(struct inode *inode, struct page *page)
{
	if (!PageUptodate(page))
		return -EIO;
	return 0;
}

static unsigned int speedwell_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	int err;

	lock_page(vmf->page);
	if (vmf->page->mapping != inode->i_mapping) {
		unlock_page(vmf->page);
		return VM_FAULT_NOPAGE;
	}
	err = speedwell_fill(inode, vmf->page);
	if (err) {
		unlock_page(vmf->page);
		return err;	/* violates: page_mkwrite.returns moderate */
	}
	err = speedwell_reserve(inode);
	if (err == -ENOSPC)
		err = VM_FAULT_SIGBUS;
	else
		err = VM_FAULT_LOCKED;
	if (err != VM_FAULT_LOCKED)
		unlock_page(vmf->page);
	return err;	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct speedwell_vm_ops = {
	.page_mkwrite = speedwell_page_mkwrite,
};
