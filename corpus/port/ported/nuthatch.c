// SPDX-License-Identifier: GPL-2.0
#include <linux/nest.h>

int nuthatch_nest(struct plot *plot, const char *name, int len)
{
	struct nest *nest = nest_peek(plot, &TWIG(name));

	if (!nest)
		nest = nest_peek(plot, &TWIG_LEN(name + 1, len));
	nest_pad(nest, 3);
	nest_count(nest);
	return !nest;
}
