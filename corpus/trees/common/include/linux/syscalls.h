/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SYSCALLS_H
#define _LINUX_SYSCALLS_H

#define SYSCALL_DEFINE1(name, type, one) \
	long sys_##name(type one); \
	long sys_##name(type one)
#define SYSCALL_DEFINE2(name, type, one, other, two) \
	long sys_##name(type one, other two); \
	long sys_##name(type one, other two)

#endif
