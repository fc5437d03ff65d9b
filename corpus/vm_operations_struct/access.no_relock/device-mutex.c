// SPDX-License-Identifier: GPL-2.0-only
/// The device behind the area has a mutex.
// Kernel: 6.8
#include <linux/mm.h>

static int bryony_access(struct vm_area_struct *vma, unsigned long address, void *buf, int len, int write)
{
	struct mutex *device = vma->vm_private_data;

	mutex_lock(device);	/* ok: access.no_relock */
	memset(buf, write, len);
	mutex_unlock(device);
	return address ? len : 0;
}

const struct vm_operations_struct bryony_vm_ops = {
	.access = bryony_access,
};
