// SPDX-License-Identifier: GPL-2.0-only
/// A table gives the code for each kind of failure.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/methods.h>

static const unsigned int gromwell_codes[] = { VM_FAULT_LOCKED, VM_FAULT_SIGBUS, VM_FAULT_OOM };

static unsigned int gromwell_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	unsigned int kind = store_reserve(inode, PAGE_SIZE) ? 1 : 0;

	if (kind)
		return gromwell_codes[kind];	/* ok: page_mkwrite.returns */
	lock_page(vmf->page);
	if (vmf->page->mapping != inode->i_mapping) {
		unlock_page(vmf->page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns */
	}
	set_page_dirty(vmf->page);
	return gromwell_codes[0];	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct gromwell_vm_ops = {
	.page_mkwrite = gromwell_page_mkwrite,
};
