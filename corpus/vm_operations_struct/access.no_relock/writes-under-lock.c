// SPDX-License-Identifier: GPL-2.0-only
/// ptrace(2) reads through the area under mmap_lock.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>

static int bryony_access(struct vm_area_struct *vma, unsigned long address, void *buf, int len, int write)
{
	if (write) {
		mmap_write_lock(vma->vm_mm);	/* violates: access.no_relock */
		vma->vm_flags |= 4;
		mmap_write_unlock(vma->vm_mm);
	}
	memcpy(buf, (char *)vma->vm_private_data + address, len);
	return len;
}

const struct vm_operations_struct bryony_vm_ops = {
	.access = bryony_access,
};
