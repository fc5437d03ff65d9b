// SPDX-License-Identifier: GPL-2.0-only
/// The page itself is handed on, and locked by way of what a look-up made of it; the look-up locks nothing, and fails.
#include <linux/methods.h>
#include <linux/pagemap.h>

struct redwing_reference {
	struct page *page;
};

struct redwing_reference *redwing_find(struct page *page);

static unsigned int redwing_track(struct page *page)
{
	struct redwing_reference *found = redwing_find(page);

	if (!found)
		return VM_FAULT_OOM;	/* ok: page_mkwrite.returns_locked */
	lock_page(found->page);
	if (!found->page->mapping) {
		unlock_page(found->page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	}
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns_locked */
}

static unsigned int redwing_page_mkwrite(struct vm_fault *vmf)
{
	return redwing_track(vmf->page);	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct redwing_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = redwing_page_mkwrite,
};
