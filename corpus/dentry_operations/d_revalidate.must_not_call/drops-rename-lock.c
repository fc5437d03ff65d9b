// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is let go around a wait, and nobody has taken it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void arnica_wait(void);

static int arnica_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	write_sequnlock(&rename_lock);	/* violates: d_revalidate.must_not_call moderate */
	arnica_wait();
	write_seqlock(&rename_lock);
	dentry->d_flags |= flags;
	return 1;
}

const struct dentry_operations arnica_dops = {
	.d_revalidate = arnica_d_revalidate,
};
