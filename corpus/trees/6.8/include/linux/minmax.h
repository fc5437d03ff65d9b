/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#define swap(a, b) do { typeof(a) kept = (a); (a) = (b); (b) = kept; } while (0)

#endif
