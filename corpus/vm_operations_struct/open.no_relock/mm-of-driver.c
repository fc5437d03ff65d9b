// SPDX-License-Identifier: GPL-2.0-only
/// The address space of the driver is another one.
// Kernel: 6.8
#include <linux/mm.h>

static void arnica_open(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_private_data;

	mmap_write_lock(mm);	/* ok: open.no_relock */
	mm->pinned_vm++;
	mmap_write_unlock(mm);
}

const struct vm_operations_struct arnica_vm_ops = {
	.open = arnica_open,
};
