// SPDX-License-Identifier: GPL-2.0-only
/// The code is made of an error number that is known on the way, and returned by way of a variable.
// Source: the shape of f2fs_vm_page_mkwrite() of 7.3, with a test moved behind the lock
#include <linux/methods.h>
#include <linux/pagemap.h>
#include <linux/store.h>

unsigned int vmf_fs_error(int err);
int wren_frozen(struct inode *inode);
void wren_told(struct inode *inode, unsigned int ret);

static unsigned int wren_page_mkwrite(struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	struct inode *inode = vma_inode(vmf->vma);
	unsigned int ret;
	int err = 0;

	lock_page(page);
	if (wren_frozen(inode)) {
		err = -EIO;
		goto out;
	}
	if (page->mapping != inode->i_mapping) {
		unlock_page(page);
		err = -EINVAL;
		goto out;
	}
	set_page_dirty(page);
out:
	ret = vmf_fs_error(err);
	wren_told(inode, ret);
	return ret;	/* violates: page_mkwrite.returns_locked */
}

const struct vm_operations_struct wren_vm_ops = {
	.page_mkwrite = wren_page_mkwrite,
};
