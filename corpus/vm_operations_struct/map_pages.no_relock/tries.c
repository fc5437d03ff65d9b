// SPDX-License-Identifier: GPL-2.0-only
/// mmap_lock is only tried.
// Kernel: 6.8
#include <linux/mm.h>

static vm_fault_t borage_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	if (down_read_trylock(&mm->mmap_lock)) {	/* ok: map_pages.no_relock */
		mm->pinned_vm += last - first;
		up_read(&mm->mmap_lock);
	}
	return filemap_map_pages(vmf, first, last);
}

const struct vm_operations_struct borage_vm_ops = {
	.map_pages = borage_map_pages,
};
