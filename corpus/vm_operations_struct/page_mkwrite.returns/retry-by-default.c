// SPDX-License-Identifier: GPL-2.0-only
/// RETRY is what the variable begins with; every early way out leads to the one return.
// Source: the shape of afs_page_mkwrite() of 6.1
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int elm_page_mkwrite(struct vm_fault *vmf)
{
	struct folio *folio = page_folio(vmf->page);
	unsigned int ret = VM_FAULT_RETRY;

	if (folio_wait_writeback_killable(folio))
		goto out;
	if (folio_lock_killable(folio) < 0)
		goto out;
	if (folio->mapping != vma_inode(vmf->vma)->i_mapping) {
		folio_unlock(folio);
		goto out;
	}
	folio_mark_dirty(folio);
	ret = VM_FAULT_LOCKED;
out:
	return ret;	/* violates: page_mkwrite.returns */
}

const struct vm_operations_struct elm_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = elm_page_mkwrite,
};
