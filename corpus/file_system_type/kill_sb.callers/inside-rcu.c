// SPDX-License-Identifier: GPL-2.0-only
/// A superblock is shut down inside of RCU, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long hyssop_seen;

void hyssop_shut(struct super_block *sb)
{
	rcu_read_lock();
	sb->s_type->kill_sb(sb);	/* violates: kill_sb.callers low */
	rcu_read_unlock();
}

void hyssop_shut_later(struct super_block *sb)
{
	rcu_read_lock();
	hyssop_seen++;
	rcu_read_unlock();
	sb->s_type->kill_sb(sb);	/* ok: kill_sb.callers */
}
