/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_ATTRIBUTES_H
#define _LINUX_ATTRIBUTES_H

#include <linux/types.h>

#define __bitwise
#define __user
#define __must_check __attribute__((__warn_unused_result__))

typedef unsigned int __bitwise twig_t;

struct hedge;

struct hedge_operations {
	twig_t (*plant)(struct hedge *hedge, const void __user *data, size_t len);
	int __must_check (*clip)(struct hedge *hedge, unsigned long height) __attribute__((__nonnull__(1)));
} __attribute__((__aligned__(64)));

#endif
