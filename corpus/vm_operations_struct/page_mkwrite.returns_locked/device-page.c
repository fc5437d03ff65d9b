// SPDX-License-Identifier: GPL-2.0-only
/// A page of a driver has no mapping that a truncation could take it from: the letter only.
// Fixable: no
// Source: the shape of fb_deferred_io_track_page() of 6.1
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int screen_fault(struct vm_fault *vmf)
{
	vmf->page = vma_inode(vmf->vma)->i_private;
	return 0;
}

static unsigned int screen_page_mkwrite(struct vm_fault *vmf)
{
	lock_page(vmf->page);
	return VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns_locked low */
}

const struct vm_operations_struct screen_vm_ops = {
	.fault = screen_fault,
	.page_mkwrite = screen_page_mkwrite,
};
