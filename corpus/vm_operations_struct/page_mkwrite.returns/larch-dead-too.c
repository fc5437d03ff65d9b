// SPDX-License-Identifier: GPL-2.0-only
/// A killed wait asks for a retry, and so does one before it, for a flag that nothing of this file system sets: one patch mends both.
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int larch_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	if (PageFsCache(page) && wait_on_page_fscache_killable(page) < 0)
		return VM_FAULT_RETRY;	/* violates: page_mkwrite.returns low */
	if (lock_page_killable(page) < 0)
		return VM_FAULT_RETRY;	/* violates: page_mkwrite.returns */
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct larch_vm_ops = {
	.page_mkwrite = larch_page_mkwrite,
};
