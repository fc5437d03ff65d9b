// SPDX-License-Identifier: GPL-2.0-only
/// What is returned says the right thing until a wait that a signal ends sets it to something else.
// Source: the shape of nfs_vm_page_mkwrite() of 6.12
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int bryony_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);
	struct folio *folio = page_folio(vmf->page);
	unsigned int ret = VM_FAULT_NOPAGE;

	if (folio_test_uptodate(folio) &&
	    folio_wait_writeback_killable(folio) < 0)
		goto out;

	folio_lock(folio);
	if (folio->mapping != inode->i_mapping) {
		folio_unlock(folio);
		goto out;
	}
	ret = VM_FAULT_LOCKED;
out:
	return ret;
}

const struct vm_operations_struct bryony_vm_ops = {
	.page_mkwrite = bryony_page_mkwrite,
};
