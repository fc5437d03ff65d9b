/* SPDX-License-Identifier: GPL-2.0 */
/* Finches in their cages. */

struct finch {
	int		f_song;
	union {
		struct finch	*f_next;
		long		f_age;
	} f_u;
};

struct cage {
	struct finch	*c_first;
};

#define for_each_finch(pos, first, member) \
	for (pos = first; pos; pos = pos->member)
