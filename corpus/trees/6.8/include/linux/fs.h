/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#define LOOKUP_RCU 0x40u
#define S_IFMT 0170000
#define S_IFDIR 0040000

#include <linux/locking.h>
#include <linux/rwsem.h>
#include <linux/types.h>

/* Inodes, dentries and superblocks with the locks that the tables speak of, and the methods of all of them. */
typedef unsigned short umode_t;
typedef unsigned int dev_t;

struct folio;
struct fileattr;
struct fiemap_extent_info;
struct kstatfs;
struct mnt_idmap;
struct page;
struct offset_ctx;
struct posix_acl;
struct seq_file;
struct timespec;

#define IS_DEADDIR(inode) ((inode)->i_nlink == 0)

struct quota_info {
	struct rw_semaphore dqio_sem;
	struct rw_semaphore dqonoff_sem;
	struct rw_semaphore dqptr_sem;
};

struct super_block {
	struct rw_semaphore s_umount;
	const struct super_operations *s_op;
	struct file_system_type *s_type;
	struct dentry *s_root;
	struct quota_info s_dquot;
	void *s_fs_info;
	unsigned long s_flags;
};

struct address_space {
	struct inode *host;
	struct rw_semaphore invalidate_lock;
	const struct address_space_operations *a_ops;
};

struct inode {
	struct rw_semaphore i_rwsem;
	spinlock_t i_lock;
	const struct inode_operations *i_op;
	const struct file_operations *i_fop;
	unsigned long i_ino;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	struct file_lock_context *i_flctx;
	loff_t i_size;
	unsigned int i_nlink;
	int i_count;
	void *i_private;
};

struct qstr {
	const char *name;
	unsigned int len;
	unsigned int hash;
};

struct dentry {
	spinlock_t d_lock;
	unsigned int d_flags;
	struct dentry *d_parent;
	struct inode *d_inode;
	struct super_block *d_sb;
	const struct dentry_operations *d_op;
	void *d_fsdata;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct inode *f_inode;
	struct address_space *f_mapping;
	struct path f_path;
	void *private_data;
};

struct kstat {
	loff_t size;
};

struct iattr {
	unsigned int ia_valid;
	loff_t ia_size;
};

struct dentry_operations {
	int (*d_revalidate)(struct dentry *dentry, unsigned int flags);
	int (*d_weak_revalidate)(struct dentry *dentry, unsigned int flags);
	int (*d_hash)(const struct dentry *dentry, struct qstr *name);
	int (*d_compare)(const struct dentry *dentry, unsigned int len, const char *text, const struct qstr *name);
	int (*d_delete)(const struct dentry *dentry);
	int (*d_init)(struct dentry *dentry);
	void (*d_release)(struct dentry *dentry);
	void (*d_prune)(struct dentry *dentry);
	void (*d_iput)(struct dentry *dentry, struct inode *inode);
	char *(*d_dname)(struct dentry *dentry, char *buffer, int len);
	struct vfsmount *(*d_automount)(struct path *path);
	int (*d_manage)(const struct path *path, bool rcu_walk);
	struct dentry *(*d_real)(struct dentry *dentry, int type);
	bool (*d_unalias_trylock)(const struct dentry *dentry);
	void (*d_unalias_unlock)(const struct dentry *dentry);
};

struct inode_operations {
	struct dentry *(*lookup)(struct inode *dir, struct dentry *dentry, unsigned int flags);
	int (*create)(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl);
	int (*link)(struct dentry *old, struct inode *dir, struct dentry *dentry);
	int (*symlink)(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, const char *target);
	int (*mkdir)(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*rmdir)(struct inode *dir, struct dentry *dentry);
	int (*mknod)(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
	int (*rename)(struct mnt_idmap *idmap, struct inode *from, struct dentry *old, struct inode *to,
		      struct dentry *new, unsigned int flags);
	int (*readlink)(struct dentry *dentry, char *buf, int len);
	const char *(*get_link)(struct dentry *dentry, struct inode *inode, void *done);
	struct posix_acl *(*get_inode_acl)(struct inode *inode, int type, bool rcu);
	struct posix_acl *(*get_acl)(struct mnt_idmap *idmap, struct dentry *dentry, int type);
	int (*getattr)(const struct path *path, struct kstat *stat);
	long (*listxattr)(struct dentry *dentry, char *list, size_t size);
	int (*fiemap)(struct inode *inode, struct fiemap_extent_info *info, u64 start, u64 len);
	int (*update_time)(struct inode *inode, int flags);
	void (*sync_lazytime)(struct inode *inode);
	int (*atomic_open)(struct inode *dir, struct dentry *dentry, struct file *file, unsigned int flags, umode_t mode);
	int (*tmpfile)(struct mnt_idmap *idmap, struct inode *dir, struct file *file, umode_t mode);
	int (*fileattr_get)(struct dentry *dentry, struct fileattr *fa);
	int (*fileattr_set)(struct mnt_idmap *idmap, struct dentry *dentry, struct fileattr *fa);
	struct offset_ctx *(*get_offset_ctx)(struct inode *inode);
};

struct xattr_handler {
	const char *prefix;
	bool (*list)(struct dentry *dentry);
	int (*get)(const struct xattr_handler *handler, struct dentry *dentry, struct inode *inode, const char *name,
		   void *buffer, size_t size);
	int (*set)(const struct xattr_handler *handler, struct mnt_idmap *idmap, struct dentry *dentry,
		   struct inode *inode, const char *name, const void *buffer, size_t size, int flags);
};

struct super_operations {
	void (*evict_inode)(struct inode *inode);
	void (*destroy_inode)(struct inode *inode);
	void (*free_inode)(struct inode *inode);
	void (*put_super)(struct super_block *sb);
	int (*sync_fs)(struct super_block *sb, int wait);
	int (*freeze_fs)(struct super_block *sb);
	int (*unfreeze_fs)(struct super_block *sb);
	int (*statfs)(struct dentry *dentry, struct kstatfs *buf);
	int (*remount_fs)(struct super_block *sb, int *flags, char *data);
	int (*show_options)(struct seq_file *seq, struct dentry *dentry);
	long (*quota_read)(struct super_block *sb, int type, char *data, size_t len, loff_t pos);
	long (*quota_write)(struct super_block *sb, int type, const char *data, size_t len, loff_t pos);
	int (*bdev_try_to_free_page)(struct super_block *sb, struct page *page, gfp_t gfp);
};

struct file_system_type {
	struct dentry *(*mount)(struct file_system_type *type, int flags, const char *name, void *data);
	void (*kill_sb)(struct super_block *sb);
};

struct fs_context {
	struct file_system_type *fs_type;
	struct dentry *root;
	void *fs_private;
	unsigned int sb_flags;
};

struct fs_context_operations {
	void (*free)(struct fs_context *fc);
	int (*get_tree)(struct fs_context *fc);
	int (*reconfigure)(struct fs_context *fc);
};

struct vfsmount *vfs_submount(const struct dentry *dentry, const char *name);
struct inode *new_inode(struct super_block *sb);
void iput(struct inode *inode);
void inc_nlink(struct inode *inode);
void d_instantiate(struct dentry *dentry, struct inode *inode);
void mark_inode_dirty(struct inode *inode);
void seq_puts(struct seq_file *seq, const char *text);

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))

static inline struct inode *d_inode_rcu(const struct dentry *dentry)
{
	return READ_ONCE(dentry->d_inode);
}

struct dentry *dget(struct dentry *dentry);

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

static inline void inode_lock(struct inode *inode)
{
	down_write(&inode->i_rwsem);
}

static inline void inode_unlock(struct inode *inode)
{
	up_write(&inode->i_rwsem);
}

static inline void inode_lock_shared(struct inode *inode)
{
	down_read(&inode->i_rwsem);
}

static inline void inode_unlock_shared(struct inode *inode)
{
	up_read(&inode->i_rwsem);
}

static inline void filemap_invalidate_lock(struct address_space *mapping)
{
	down_write(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_lock_shared(struct address_space *mapping)
{
	down_read(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_unlock_shared(struct address_space *mapping)
{
	up_read(&mapping->invalidate_lock);
}

static inline void filemap_invalidate_unlock(struct address_space *mapping)
{
	up_write(&mapping->invalidate_lock);
}

#endif
