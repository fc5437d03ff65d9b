// SPDX-License-Identifier: GPL-2.0-only
/// An enumerator behind a cast is a constant, and not zero: the page is looked for in two places, and zero is returned only with it.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int coltsfoot_fault(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	unsigned int ret = (unsigned int)VM_FAULT_SIGBUS;

	if (inode->i_private) {
		vmf->page = inode->i_private;
		ret = 0;
	}
	if (ret && inode->i_size) {
		vmf->page = inode->i_mapping->host->i_private;
		ret = 0;
	}
	return ret;	/* ok: fault.returns */
}

static unsigned int burdock_fault(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	unsigned int ret = VM_FAULT_SIGBUS;

	if (inode->i_private)
		ret = (unsigned int)VM_FAULT_LOCKED;
	return ret;	/* violates: fault.returns, fault.returns_locked */
}

const struct vm_operations_struct coltsfoot_vm_ops = {
	.fault = coltsfoot_fault,
};

const struct vm_operations_struct burdock_vm_ops = {
	.fault = burdock_fault,
};
