// SPDX-License-Identifier: GPL-2.0-only
/// ERR_CAST() of what a helper returned, which may be NULL.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/methods.h>

static void *bugloss_options(void *data)
{
	return data;
}

static struct dentry *bugloss_mount(struct file_system_type *type, int flags, const char *name, void *data)
{
	struct super_block *sb;

	if (!bugloss_options(data))
		return NULL;	/* violates: mount.returns */
	sb = sget(type, data);
	return IS_ERR(sb) ? ERR_CAST(sb) : dget(sb->s_root);	/* ok: mount.returns */
}

struct file_system_type bugloss_type = {
	.mount = bugloss_mount,
	.kill_sb = kill_anon_super,
};
