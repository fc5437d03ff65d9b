/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_GUARDS_H
#define _LINUX_GUARDS_H

#include <linux/fs.h>

/* Locks that end with their block, and allocations that name a type and no mask. */
#define DEFINE_GUARD(name, type, take, give)                                        \
	static inline type begin_##name(type _T) { take; return _T; }               \
	static inline void end_##name(type *at) { type _T = *at; give; }

#define CLASS(name, var) void *var __attribute__((cleanup(end_##name))) = begin_##name
#define guard(name) CLASS(name, name##_once)

DEFINE_GUARD(mutex, void *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD(spinlock, void *, spin_lock(_T), spin_unlock(_T))

#define second_of(a, b, ...) b
#define default_gfp(...) second_of(, ##__VA_ARGS__, GFP_KERNEL)
#define kmalloc_obj(type, ...) kmalloc(sizeof(type), default_gfp(__VA_ARGS__))

#endif
