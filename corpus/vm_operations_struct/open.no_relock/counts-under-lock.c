// SPDX-License-Identifier: GPL-2.0-only
/// mmap(2) and fork(2) hold mmap_lock for writing.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static void arnica_open(struct vm_area_struct *vma)
{
	mmap_write_lock(vma->vm_mm);	/* violates: open.no_relock */
	vma->vm_mm->pinned_vm++;
	mmap_write_unlock(vma->vm_mm);
}

const struct vm_operations_struct arnica_vm_ops = {
	.open = arnica_open,
};
