// SPDX-License-Identifier: GPL-2.0-only
/// The area is changed under the read lock, but under a lock of the file system's own as well: no two faults are there at once.
// Kernel: 6.8
// Fixable: no
#include <linux/mm.h>
#include <linux/rwsem.h>

struct hothouse {
	struct rw_semaphore sem;
	unsigned long shade;
};

static struct hothouse *hothouse_enter(struct file *file)
{
	struct hothouse *house = file->private_data;

	if (house)
		down_write(&house->sem);
	return house;
}

static void hothouse_leave(struct hothouse *house)
{
	up_write(&house->sem);
}

static vm_fault_t orchid_fault(struct vm_fault *vmf)
{
	struct hothouse *house = hothouse_enter(vmf->vma->vm_file);

	if (!house)
		return VM_FAULT_SIGBUS;
	vmf->vma->vm_flags |= house->shade;	/* violates: fault.no_relock low */
	hothouse_leave(house);
	return filemap_fault(vmf);
}

static vm_fault_t agave_fault(struct vm_fault *vmf)
{
	struct hothouse *house = hothouse_enter(vmf->vma->vm_file);

	if (!house)
		return VM_FAULT_SIGBUS;
	hothouse_leave(house);
	vmf->vma->vm_flags |= house->shade;	/* violates: fault.no_relock moderate */
	return filemap_fault(vmf);
}

const struct vm_operations_struct orchid_vm_ops = { .fault = orchid_fault };
const struct vm_operations_struct agave_vm_ops = { .fault = agave_fault };
