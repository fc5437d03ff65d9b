/* SPDX-License-Identifier: GPL-2.0 */
/* Herons, and how they stand in the water. */

struct pool {
	int		depth;
};

struct heron {
	struct pool	h_pool;
	unsigned long	h_flags;
#define h_depth		h_pool.depth
};

struct heron_operations {
	int (*wade)(struct heron *heron);
	int (*wades)(struct heron *heron, int many);
	int (*rest)(struct heron *heron);
};

int heron_rest(struct heron *heron);
