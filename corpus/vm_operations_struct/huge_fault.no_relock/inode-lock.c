// SPDX-License-Identifier: GPL-2.0-only
/// The lock of the inode has nothing to do with that of the mm.
// Kernel: 6.8
#include <linux/mm.h>

static vm_fault_t betony_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);

	down_read(&inode->i_rwsem);	/* ok: huge_fault.no_relock */
	inode->i_nlink += order;
	up_read(&inode->i_rwsem);
	return VM_FAULT_FALLBACK;
}

const struct vm_operations_struct betony_vm_ops = {
	.huge_fault = betony_huge_fault,
};
