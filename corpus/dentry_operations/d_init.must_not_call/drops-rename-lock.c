// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is dropped around a wait in a method that may block.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void caraway_wait(void);

static int caraway_d_init(struct dentry *dentry)
{
	write_sequnlock(&rename_lock);	/* violates: d_init.must_not_call moderate */
	caraway_wait();
	write_seqlock(&rename_lock);
	dentry->d_fsdata = NULL;
	return 0;
}

const struct dentry_operations caraway_dops = {
	.d_init = caraway_d_init,
};
