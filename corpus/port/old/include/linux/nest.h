/* SPDX-License-Identifier: GPL-2.0 */
/* Nests, and how they are found. */
#include <linux/meadow.h>

struct nest;

struct twig {
	unsigned int len;
	const char *name;
};

struct nest *nest_look_len(struct plot *plot, const char *name, int len);
void nest_line(struct nest *nest, int moss);
void nest_count(struct nest *nest);
