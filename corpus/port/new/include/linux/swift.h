/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SWIFT_H
#define _LINUX_SWIFT_H

struct flock;
struct swift;

/* What a function says that leaves a swift where it is. */
enum { SWIFT_STAYS = 1 };

struct swift *swift_next(struct flock *flock, struct swift *swift, int *err);
void swift_leave(struct swift *swift);

#endif
