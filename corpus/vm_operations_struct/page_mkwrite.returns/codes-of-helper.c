// SPDX-License-Identifier: GPL-2.0-only
/// The helper begins with NOPAGE, looks at the mapping under the lock, and speaks in codes like its caller.
// Source: shape of the code after 5cffff9e2986 ("ocfs2: Fix ocfs2_page_mkwrite()")
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static unsigned int cytisus_make_writable(struct inode *inode, struct page *page)
{
	unsigned int ret = VM_FAULT_NOPAGE;
	int err;

	lock_page(page);
	if (page->mapping != inode->i_mapping || !PageUptodate(page))
		goto out;
	err = store_reserve(inode, PAGE_SIZE);
	if (err) {
		ret = err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
		goto out;
	}
	set_page_dirty(page);
	return VM_FAULT_LOCKED;
out:
	unlock_page(page);
	return ret;
}

static unsigned int cytisus_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = vma_inode(vmf->vma);

	if (!inode->i_size)
		return VM_FAULT_SIGBUS;	/* ok: page_mkwrite.returns */
	return cytisus_make_writable(inode, vmf->page);	/* ok: page_mkwrite.returns, page_mkwrite.returns_locked */
}

const struct vm_operations_struct cytisus_vm_ops = {
	.page_mkwrite = cytisus_page_mkwrite,
};
