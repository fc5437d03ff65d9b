// SPDX-License-Identifier: GPL-2.0-only
/// The label makes a fault code of an error number: a return of such a number goes there, one of a fault code does not.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/mm.h>

void sb_start_pagefault(struct super_block *sb);
void sb_end_pagefault(struct super_block *sb);
void inode_lock_shared(struct inode *inode);
void inode_unlock_shared(struct inode *inode);
int dabchick_reserve(struct inode *inode);
bool dabchick_frozen(struct inode *inode);
vm_fault_t dabchick_code(int err);

static vm_fault_t dabchick_pfn_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	vm_fault_t ret;
	int err;

	sb_start_pagefault(inode->i_sb);
	err = dabchick_reserve(inode);
	if (err)
		goto out;
	inode_lock_shared(inode);
	if (dabchick_frozen(inode)) {
		inode_unlock_shared(inode);
		sb_end_pagefault(inode->i_sb);
		return -EIO;
	}
	err = dabchick_reserve(inode);
	inode_unlock_shared(inode);
out:
	sb_end_pagefault(inode->i_sb);
	ret = dabchick_code(err);
	return ret;
}

static vm_fault_t grebe_pfn_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	int err;

	sb_start_pagefault(inode->i_sb);
	if (dabchick_frozen(inode)) {
		sb_end_pagefault(inode->i_sb);
		return VM_FAULT_SIGBUS;
	}
	err = dabchick_reserve(inode);
	if (err)
		goto out;
	if (dabchick_frozen(inode)) {
		err = -EIO;
		goto out;
	}
	err = dabchick_reserve(inode);
out:
	sb_end_pagefault(inode->i_sb);
	return dabchick_code(err);
}

const struct vm_operations_struct dabchick_vm_ops = { .pfn_mkwrite = dabchick_pfn_mkwrite };
const struct vm_operations_struct grebe_vm_ops = { .pfn_mkwrite = grebe_pfn_mkwrite };
