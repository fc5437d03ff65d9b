// SPDX-License-Identifier: GPL-2.0-only
/// What is known to be an error number is returned to the VM, whichever it is; one that is turned into a code is not.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int avocet_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	int err = store_reserve(inode, PAGE_SIZE);

	if (err < 0)
		return err;	/* violates: page_mkwrite.returns */
	lock_page(vmf->page);
	if (vmf->page->mapping != inode->i_mapping) {
		unlock_page(vmf->page);
		return VM_FAULT_NOPAGE;
	}
	set_page_dirty(vmf->page);
	return VM_FAULT_LOCKED;
}

static unsigned int godwit_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	int err = store_reserve(inode, PAGE_SIZE);

	if (err < 0)
		err = VM_FAULT_SIGBUS;
	if (!err) {
		lock_page(vmf->page);
		if (vmf->page->mapping == inode->i_mapping)
			return VM_FAULT_LOCKED;
		unlock_page(vmf->page);
		err = VM_FAULT_NOPAGE;
	}
	return err;	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct avocet_vm_ops = { .page_mkwrite = avocet_page_mkwrite };
const struct vm_operations_struct godwit_vm_ops = { .page_mkwrite = godwit_page_mkwrite };
