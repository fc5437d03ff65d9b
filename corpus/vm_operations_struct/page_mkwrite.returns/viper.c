// SPDX-License-Identifier: GPL-2.0-only
/// An errno becomes a code by way of ?:, and one of them is ignored by the VM.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/methods.h>

static unsigned int viper_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	int err = store_reserve(inode, PAGE_SIZE);

	if (err)
		return err == -EAGAIN ? VM_FAULT_RETRY : VM_FAULT_SIGBUS;	/* violates: page_mkwrite.returns moderate */
	lock_page(vmf->page);
	if (vmf->page->mapping != inode->i_mapping) {
		unlock_page(vmf->page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns */
	}
	set_page_dirty(vmf->page);
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct viper_vm_ops = {
	.page_mkwrite = viper_page_mkwrite,
};
