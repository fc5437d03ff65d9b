// SPDX-License-Identifier: GPL-2.0-only
/// An error number is no VM_FAULT code: its bits mean something else.
// Fixable: no
#include <linux/methods.h>

static unsigned int spruce_fault(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	int err = -EIO;

	if (!inode->i_private)
		return err;	/* violates: fault.returns */
	return filemap_fault(vmf);
}

const struct vm_operations_struct spruce_vm_ops = {
	.fault = spruce_fault,
};
