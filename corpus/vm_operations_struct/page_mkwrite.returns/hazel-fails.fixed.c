// SPDX-License-Identifier: GPL-2.0-only
/// The page is locked where something failed: it is unlocked, and an error says what failed.
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int hazel_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct folio *folio = page_folio(vmf->page);
	unsigned int ret;
	int err;
	void *range;

	folio_lock(folio);
	if (folio->mapping != inode->i_mapping) {
		ret = VM_FAULT_NOPAGE;
		goto unlock;
	}
	err = store_reserve(inode, PAGE_SIZE);
	if (err) {
		folio_unlock(folio);
		ret = vmf_error(err);
		goto out;
	}
	range = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!range) {
		folio_unlock(folio);
		ret = VM_FAULT_OOM;
		goto out;
	}
	folio_attach_private(folio, range);
	ret = VM_FAULT_LOCKED;
out:
	return ret;

unlock:
	folio_unlock(folio);
	return ret;
}

const struct vm_operations_struct hazel_vm_ops = {
	.page_mkwrite = hazel_page_mkwrite,
};
