/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_WASP_H
#define _LINUX_WASP_H

#define WASP_SOFT 4

struct wasp;

int wasp_hum(struct wasp *wasp);

#endif
