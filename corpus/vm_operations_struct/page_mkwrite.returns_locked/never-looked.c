// SPDX-License-Identifier: GPL-2.0-only
/// The lock is taken for the VM, and a truncation may have come before it.
// Fixable: no
// Source: the shape of cifs_page_mkwrite() of 6.1
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int sage_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	if (lock_page_killable(page) < 0)
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	return VM_FAULT_LOCKED;	/* violates: page_mkwrite.returns_locked moderate */
}

const struct vm_operations_struct sage_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = sage_page_mkwrite,
};
