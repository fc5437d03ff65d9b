// SPDX-License-Identifier: GPL-2.0-only
/// The folio gets private data and is dirtied although it may be out of its mapping.
// Fixable: no
// Source: the shape of netfs_page_mkwrite() before a81c98bfa40c ("netfs: Fix netfs_page_mkwrite() to check folio->mapping is valid")
#include <linux/methods.h>
#include <linux/pagemap.h>

static void *basil_note(struct folio *folio, size_t from)
{
	return (void *)(folio->index + from);
}

static unsigned int basil_page_mkwrite(struct vm_fault *vmf)
{
	struct folio *folio = page_folio(vmf->page);
	unsigned int ret = VM_FAULT_NOPAGE;

	if (folio_lock_killable(folio) < 0)
		goto out;
	if (folio_wait_writeback_killable(folio) < 0) {
		folio_unlock(folio);
		goto out;
	}
	folio_attach_private(folio, basil_note(folio, 0));
	folio_mark_dirty(folio);
	ret = VM_FAULT_LOCKED;
out:
	return ret;	/* violates: page_mkwrite.returns_locked moderate */
}

const struct vm_operations_struct basil_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = basil_page_mkwrite,
};
