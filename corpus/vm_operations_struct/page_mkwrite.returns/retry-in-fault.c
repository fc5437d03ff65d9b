// SPDX-License-Identifier: GPL-2.0-only
/// RETRY in ->fault is none of ->page_mkwrite's codes, though both stand in one table.
#include <linux/methods.h>
#include <linux/pagemap.h>

static unsigned int birch_fault(struct vm_fault *vmf)
{
	if (folio_wait_writeback_killable(page_folio(vmf->page)) < 0)
		goto retry;
	return filemap_fault(vmf);
retry:
	mmap_read_unlock(vma_mm(vmf->vma));
	return VM_FAULT_RETRY;	/* ok: page_mkwrite.returns, fault.returns */
}

static unsigned int birch_page_mkwrite(struct vm_fault *vmf)
{
	if (folio_wait_writeback_killable(page_folio(vmf->page)) < 0)
		return VM_FAULT_NOPAGE;	/* ok: page_mkwrite.returns */
	return 0;	/* ok: page_mkwrite.returns */
}

const struct vm_operations_struct birch_vm_ops = {
	.fault = birch_fault,
	.page_mkwrite = birch_page_mkwrite,
};
