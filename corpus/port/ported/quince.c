// SPDX-License-Identifier: GPL-2.0
#include <linux/finch.h>

#define next_of(finch, member) ((finch)->member)

struct robin {
	union {
		long	f_age;
	} f_u;
};

long quince_ages(struct cage *cage, struct robin *robin)
{
	struct finch *finch;
	long ages = robin->f_u.f_age;

	for_each_caged(finch, cage)
		ages += finch->f_age;
	return ages;
}

struct finch *quince_third(struct finch *finch)
{
	for_each_finch(finch, finch, f_next)
		if (finch->f_song == 3)
			break;
	return next_of(finch, f_next);
}
