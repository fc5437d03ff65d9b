/* SPDX-License-Identifier: GPL-2.0 */
/* Thrushes, and what they do on a lawn. */

struct thrush_operations {
	int (*sing)(struct nest *nest);
	int (*find)(struct lawn *lawn, struct shell **shellp);
	int (*eat)(struct lawn *lawn, struct shell *shell);
	int (*rest)(struct nest *nest);
};

int thrush_find(struct lawn *lawn, struct shell **shellp);
int thrush_crack(struct lawn *lawn, struct shell *shell);
int generic_rest_nest(struct nest *nest);
