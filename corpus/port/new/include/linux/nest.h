/* SPDX-License-Identifier: GPL-2.0 */
/* Nests, and how they are found. */
#include <linux/meadow.h>

struct nest;

struct twig {
	unsigned int len;
	const char *name;
};
#define TWIG_INIT(n, l)	{ .len = l, .name = n }
#define TWIG_LEN(n, l)	(struct twig)TWIG_INIT(n, l)
#define TWIG(n)	TWIG_LEN(n, strlen(n))

struct nest *nest_peek(struct plot *plot, struct twig *twig);
void nest_pad(struct nest *nest, int moss);
void nest_tally(struct nest *nest, int eggs);
