// SPDX-License-Identifier: GPL-2.0-only
/// Protection against freezing is begun, and two ways out do not end it: freezing then waits for ever.
// Kernel: 6.8
// Source: the shape of afs_page_mkwrite() of 5.10
#include <linux/fs.h>
#include <linux/mm.h>

void sb_start_pagefault(struct super_block *sb);
void sb_end_pagefault(struct super_block *sb);
int burnet_reserve(struct inode *inode);
bool burnet_gone(struct inode *inode);

static vm_fault_t burnet_pfn_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);

	sb_start_pagefault(inode->i_sb);
	if (burnet_gone(inode)) {
		sb_end_pagefault(inode->i_sb);
		return VM_FAULT_NOPAGE;
	}
	if (burnet_reserve(inode)) {
		sb_end_pagefault(inode->i_sb);
		return VM_FAULT_SIGBUS;
	}
	if (burnet_gone(inode)) {
		sb_end_pagefault(inode->i_sb);
		return VM_FAULT_SIGBUS;
	}
	sb_end_pagefault(inode->i_sb);
	return 0;
}

static vm_fault_t lovage_pfn_mkwrite(struct vm_fault *vmf)
{
	struct super_block *sb = file_inode(vmf->vma->vm_file)->i_sb;
	vm_fault_t ret = VM_FAULT_NOPAGE;

	sb_start_pagefault(sb);
	if (!burnet_reserve(file_inode(vmf->vma->vm_file)))
		ret = 0;
	sb_end_pagefault(file_inode(vmf->vma->vm_file)->i_sb);
	return ret;
}

const struct vm_operations_struct burnet_vm_ops = {
	.pfn_mkwrite = burnet_pfn_mkwrite,
};

const struct vm_operations_struct lovage_vm_ops = {
	.pfn_mkwrite = lovage_pfn_mkwrite,
};
