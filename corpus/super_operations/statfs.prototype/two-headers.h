/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_TWO_HEADERS_H
#define _LINUX_TWO_HEADERS_H

struct super_block;
struct statfs64;

struct super_operations {
	int (*statfs)(struct super_block *sb, struct statfs64 *buf);
	void (*umount_begin)(struct super_block *sb);
};

#endif
