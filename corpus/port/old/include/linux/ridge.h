/* SPDX-License-Identifier: GPL-2.0 */
struct ridge {
	unsigned int marks;
};

#define RIDGE_wet	1
#define RIDGE_dry	2

#define RIDGE_MARK(uname, lname)					\
static inline int Ridge##uname(struct ridge *ridge)			\
{ return ridge->marks & RIDGE_##lname; }				\
static inline void SetRidge##uname(struct ridge *ridge)			\
{ ridge->marks |= RIDGE_##lname; }

RIDGE_MARK(Wet, wet)
RIDGE_MARK(Dry, dry)
