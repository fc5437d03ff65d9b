// SPDX-License-Identifier: GPL-2.0-only
/// VM_FAULT_RETRY says that mmap_lock is no longer held: one method has given it up, or keeps it for who does not wait.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int agrimony_fault(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);

	if (!inode->i_private)
		return VM_FAULT_RETRY;	/* violates: fault.returns */
	vmf->page = inode->i_private;
	return 0;
}

static unsigned int betony_fault(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);

	if (!inode->i_private) {
		if (vmf->flags & FAULT_FLAG_RETRY_NOWAIT)
			return VM_FAULT_RETRY;	/* ok: fault.returns */
		mmap_read_unlock(vma_mm(vmf->vma));
		return VM_FAULT_RETRY;	/* ok: fault.returns */
	}
	vmf->page = inode->i_private;
	return 0;
}

const struct vm_operations_struct agrimony_vm_ops = {
	.fault = agrimony_fault,
};

const struct vm_operations_struct betony_vm_ops = {
	.fault = betony_fault,
};
