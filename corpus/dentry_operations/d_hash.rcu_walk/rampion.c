// SPDX-License-Identifier: GPL-2.0-only
/// What a name is hashed by is freed behind a grace period, by a callback or after a wait.
// Kernel: 6.8
#include <linux/fs.h>

struct rcu_head {
	void *next;
};

struct rampion_info {
	struct rcu_head rcu;
	unsigned int *fold;
	unsigned int longest;
};

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void synchronize_rcu(void);

static int rampion_d_hash(const struct dentry *dentry, struct qstr *name)
{
	struct rampion_info *info = dentry->d_sb->s_fs_info;

	name->hash = info->fold[name->len % info->longest];
	return 0;
}

static void rampion_free(struct rcu_head *head)
{
	kfree((struct rampion_info *)head);	/* ok: d_hash.rcu_walk */
}

static void rampion_settle(struct super_block *sb)
{
	sb->s_flags = 0;
	synchronize_rcu();
}

static void rampion_put_super(struct super_block *sb)
{
	struct rampion_info *info = sb->s_fs_info;

	rampion_settle(sb);
	kfree(info->fold);	/* ok: d_hash.rcu_walk */
	call_rcu(&info->rcu, rampion_free);
}

const struct dentry_operations rampion_dentry_ops = {
	.d_hash = rampion_d_hash,
};
const struct super_operations rampion_super_ops = {
	.put_super = rampion_put_super,
};
