/* SPDX-License-Identifier: GPL-2.0 */
struct bed {
	unsigned int marks;
};

#define BED_wet	1
#define BED_dry	2

#define BED_MARK(uname, lname)						\
static inline int Bed##uname(struct bed *bed)				\
{ return bed->marks & BED_##lname; }					\
static inline void SetBed##uname(struct bed *bed)			\
{ bed->marks |= BED_##lname; }

BED_MARK(Wet, wet)
BED_MARK(Dry, dry)
