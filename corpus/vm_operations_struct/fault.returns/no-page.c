// SPDX-License-Identifier: GPL-2.0-only
/// Zero says that the page was found, and none was stored.
// Fixable: no
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int cedar_fault(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);

	if ((loff_t)vmf->pgoff << PAGE_SHIFT >= i_size_read(inode))
		return 0;	/* violates: fault.returns */
	return filemap_fault(vmf);
}

const struct vm_operations_struct cedar_vm_ops = {
	.fault = cedar_fault,
};
