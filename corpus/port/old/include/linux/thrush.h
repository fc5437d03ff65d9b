/* SPDX-License-Identifier: GPL-2.0 */
/* Thrushes, and what they do on a lawn. */

struct thrush_operations {
	int (*sing)(struct nest *nest, bool loud);
	int (*find)(struct lawn *lawn, struct snail **snailp);
	int (*eat)(struct lawn *lawn, struct snail *snail);
	int (*rest)(struct nest *nest);
};

int thrush_find(struct lawn *lawn, struct snail **snailp);
int thrush_crack(struct lawn *lawn, struct snail *snail);
int generic_rest(struct nest *nest);
