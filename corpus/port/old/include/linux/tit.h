/* SPDX-License-Identifier: GPL-2.0 */
/* Tits, and who brings them seeds. */
struct seed;
struct feeder;

struct tit_operations {
	int (*bring)(struct seed *seed, struct feeder *feeder);
	int (*bring_all)(struct feeder *feeder);
	int (*crack)(struct seed *seed);
};

int bring_seed(struct seed *seed, int (*way)(int), struct feeder *feeder);
int crack_seed(struct seed *seed);
