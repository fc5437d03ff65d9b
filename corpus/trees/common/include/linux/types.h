/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#define NULL ((void *)0)
#define false 0
#define true 1

typedef _Bool bool;
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned long size_t;
typedef long ssize_t;
typedef long long loff_t;
typedef unsigned long pgoff_t;
typedef unsigned long long sector_t;
typedef unsigned int gfp_t;

#define GFP_NOFS 1u
#define GFP_KERNEL 2u

#define ENOENT 2
#define EIO 5
#define EBADF 9
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EINVAL 22
#define EFBIG 27
#define ENOSPC 28
#define EROFS 30
#define EACCES 13
#define EUCLEAN 117

#define container_of(member, type, name) ((type *)((char *)(member) - __builtin_offsetof(type, name)))

#define BUG() __builtin_trap()
#define BUG_ON(condition) do { if (condition) BUG(); } while (0)
#define WARN_ON(condition) ({ int warned = !!(condition); warned; })

void panic(const char *fmt, ...) __attribute__((noreturn));
void *memcpy(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
void *kmalloc(size_t size, gfp_t flags);
void kfree(const void *object);
void cond_resched(void);

#endif
