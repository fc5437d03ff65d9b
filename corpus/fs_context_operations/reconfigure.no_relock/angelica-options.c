// SPDX-License-Identifier: GPL-2.0-only
/// The options are swapped under a semaphore of the file system's own.
// Kernel: 6.8
#include <linux/fs.h>

struct angelica_sb {
	struct rw_semaphore options;
	unsigned int flags;
};

static int angelica_reconfigure(struct fs_context *fc)
{
	struct angelica_sb *sbi = fc->root->d_sb->s_fs_info;

	down_write(&sbi->options);	/* ok: reconfigure.no_relock */
	sbi->flags = fc->sb_flags;
	up_write(&sbi->options);
	return 0;
}

const struct fs_context_operations angelica_context_ops = {
	.reconfigure = angelica_reconfigure,
};
