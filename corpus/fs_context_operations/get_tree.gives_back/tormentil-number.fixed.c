// SPDX-License-Identifier: GPL-2.0-only
/// An error number made of one pointer tells of that pointer alone, and behind a test for it there is one.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/locking.h>

struct tormentil { struct file *first, *second; };

struct file *filp_open(const char *name, int flags, int mode);
int filp_close(struct file *file, void *owner);
long PTR_ERR_OR_ZERO(const void *p);
struct tormentil *tormentil_alloc(struct file *first, struct file *second);
int tormentil_for(struct fs_context *fc, struct tormentil *both);

static int tormentil_get_tree(struct fs_context *fc)
{
	struct file *first, *second;
	struct tormentil *both;
	int err;

	first = filp_open("/first", 0, 0);
	err = PTR_ERR_OR_ZERO(first);
	if (err)
		return err;
	second = filp_open("/second", 0, 0);
	err = PTR_ERR_OR_ZERO(second);
	if (err) {
		filp_close(first, NULL);
		return err;
	}
	both = tormentil_alloc(first, second);
	if (!both) {
		filp_close(second, NULL);
		filp_close(first, NULL);
		return -ENOMEM;
	}
	return tormentil_for(fc, both);
}

static int silverweed_get_tree(struct fs_context *fc)
{
	struct file *first = filp_open("/first", 0, 0);
	int err = IS_ERR(first) ? PTR_ERR(first) : 0;

	if (err)
		goto out;
	err = tormentil_for(fc, NULL);
	if (err) {
		filp_close(first, NULL);
		goto out;
	}
	filp_close(first, NULL);
out:
	return err;
}

const struct fs_context_operations tormentil_context_ops = {
	.get_tree = tormentil_get_tree,
};

const struct fs_context_operations silverweed_context_ops = {
	.get_tree = silverweed_get_tree,
};
