// SPDX-License-Identifier: GPL-2.0-only
/// Behind a row that is gone, too, a semaphore of the file system's own is nobody else's.
// Kernel: 7.3
#include <linux/fs.h>

struct fennel_sb {
	struct rw_semaphore s_umount;
	unsigned int flags;
};

static int fennel_reconfigure(struct fs_context *fc)
{
	struct fennel_sb *own = fc->root->d_sb->s_fs_info;

	down_write(&own->s_umount);	/* ok: reconfigure.no_relock */
	own->flags = fc->sb_flags;
	up_write(&own->s_umount);
	return 0;
}

const struct fs_context_operations fennel_context_ops = {
	.reconfigure = fennel_reconfigure,
};
