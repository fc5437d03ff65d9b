// SPDX-License-Identifier: GPL-2.0-only
/// A helper frees a table that names are hashed by, and lets its code go; the options that no walk reads are another matter.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct nls_table {
	char lower[256];
};

struct hyssop_info {
	unsigned int *fold;
	struct nls_table *nls;
	char *options;
};

void unload_nls(struct nls_table *nls);

static int hyssop_d_hash(const struct dentry *dentry, struct qstr *name)
{
	struct hyssop_info *info = dentry->d_sb->s_fs_info;

	name->hash = info->fold[name->len & 7] + info->nls->lower[name->len & 7];
	return 0;
}

static void hyssop_empty(struct hyssop_info *info)
{
	unload_nls(info->nls);	/* violates: d_hash.rcu_walk moderate */
	kfree(info->options);	/* ok: d_hash.rcu_walk */
	kfree(info->fold);	/* violates: d_hash.rcu_walk */
}

static void hyssop_put_super(struct super_block *sb)
{
	hyssop_empty(sb->s_fs_info);
}

const struct dentry_operations hyssop_dentry_ops = {
	.d_hash = hyssop_d_hash,
};
const struct super_operations hyssop_super_ops = {
	.put_super = hyssop_put_super,
};
