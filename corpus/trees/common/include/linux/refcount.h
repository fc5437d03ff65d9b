/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_REFCOUNT_H
#define _LINUX_REFCOUNT_H

#include <linux/types.h>

typedef struct { int refs; } refcount_t;

void refcount_set(refcount_t *count, int users);
void refcount_inc(refcount_t *count);
bool refcount_inc_not_zero(refcount_t *count);
bool refcount_dec_and_test(refcount_t *count);

#endif
