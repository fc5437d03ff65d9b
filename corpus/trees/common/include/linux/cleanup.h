/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_CLEANUP_H
#define _LINUX_CLEANUP_H

/* As much of a scoped guard as a compiler needs to see that the code is C. */
int guard_take(void *lock);

#define scoped_guard(kind, lock) for (int kind##_once = guard_take(lock); kind##_once; kind##_once = 0)

#endif
