// SPDX-License-Identifier: GPL-2.0-only
/// A helper turns an error into a code, which is never the one that promises a lock.
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static inline unsigned int fennel_code(int err)
{
	if (err == 0)
		return VM_FAULT_LOCKED;
	if (err == -EINVAL)
		return VM_FAULT_NOPAGE;
	return VM_FAULT_SIGBUS;
}

static unsigned int fennel_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	struct inode *inode = vma_inode(vmf->vma);
	unsigned int ret = VM_FAULT_LOCKED;
	int err = store_reserve(inode, 1);

	if (err) {
		ret = fennel_code(err);
		goto out;
	}
	lock_page(page);
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		ret = VM_FAULT_NOPAGE;
	}
out:
	if (ret == VM_FAULT_LOCKED)
		set_page_dirty(page);
	return ret;	/* ok: page_mkwrite.returns_locked */
}

const struct vm_operations_struct fennel_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = fennel_page_mkwrite,
};
