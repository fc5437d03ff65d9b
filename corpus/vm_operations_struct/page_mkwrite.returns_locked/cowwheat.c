// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked for a while; the helper that is given vmf locks it again where it succeeds.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/methods.h>

static int cowwheat_map(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	int err;

	lock_page(page);
	err = store_reserve(vma_inode(vmf->vma), PAGE_SIZE);
	if (err < 0)
		goto unlock;
	set_page_dirty(page);
	return 0;
unlock:
	unlock_page(page);
	return err;
}

static unsigned int cowwheat_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;

	lock_page(page);
	if (page->mapping != vma_inode(vmf->vma)->i_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns_locked */
	}
	unlock_page(page);
	if (cowwheat_map(vmf))
		return VM_FAULT_SIGBUS;	/* ok: page_mkwrite.returns_locked */
	return VM_FAULT_LOCKED;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct cowwheat_vm_ops = {
	.page_mkwrite = cowwheat_page_mkwrite,
};
