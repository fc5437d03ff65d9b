// SPDX-License-Identifier: GPL-2.0-only
/// What a helper unlocks is unlocked again by the label behind, whatever is asked on the way there; not where that is left out.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct dotterel_super { struct mutex lock; int count; };

int dotterel_read(struct super_block *sb);

static struct dotterel_super *dotterel_super(struct super_block *sb)
{
	return sb->s_fs_info;
}

static void dotterel_lock(struct super_block *sb)
{
	mutex_lock(&dotterel_super(sb)->lock);
}

static void dotterel_unlock(struct super_block *sb)
{
	mutex_unlock(&dotterel_super(sb)->lock);
}

static int dotterel_find(struct super_block *sb, int number)
{
	int err = 0;

	dotterel_lock(sb);
	if (dotterel_read(sb)) {
		dotterel_unlock(sb);
		err = -EIO;
		goto out;
	}
	dotterel_super(sb)->count++;
out:
	if (number)
		err = -EINVAL;
	dotterel_unlock(sb);	/* violates: lookup.gives_back moderate */
	return err;
}

static struct dentry *dotterel_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	mutex_lock(&dotterel_super(dir->i_sb)->lock);
	if (dotterel_read(dir->i_sb)) {
		mutex_unlock(&dotterel_super(dir->i_sb)->lock);
		if (!flags)
			return ERR_PTR(-EIO);
	}
	mutex_unlock(&dotterel_super(dir->i_sb)->lock);	/* ok: lookup.gives_back */
	return ERR_PTR(dotterel_find(dir->i_sb, 1));
}

const struct inode_operations dotterel_iops = { .lookup = dotterel_lookup };
