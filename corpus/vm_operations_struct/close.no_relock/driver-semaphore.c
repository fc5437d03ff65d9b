// SPDX-License-Identifier: GPL-2.0-only
/// The semaphore of the buffer is another one.
// Kernel: 6.8
#include <linux/mm.h>

struct basil_buffer {
	struct rw_semaphore mmap_lock;
	int users;
};

static void basil_close(struct vm_area_struct *vma)
{
	struct basil_buffer *buffer = vma->vm_private_data;

	down_write(&buffer->mmap_lock);	/* ok: close.no_relock */
	buffer->users--;
	up_write(&buffer->mmap_lock);
}

const struct vm_operations_struct basil_vm_ops = {
	.close = basil_close,
};
