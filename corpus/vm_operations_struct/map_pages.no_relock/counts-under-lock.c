// SPDX-License-Identifier: GPL-2.0-only
/// Faults around come with mmap_lock, or with a lock of the area.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static vm_fault_t borage_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	mmap_write_lock(vmf->vma->vm_mm);	/* violates: map_pages.no_relock low */
	vmf->vma->vm_mm->pinned_vm += last - first;
	mmap_write_unlock(vmf->vma->vm_mm);
	return filemap_map_pages(vmf, first, last);
}

const struct vm_operations_struct borage_vm_ops = {
	.map_pages = borage_map_pages,
};
