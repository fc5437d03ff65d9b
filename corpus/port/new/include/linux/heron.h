/* SPDX-License-Identifier: GPL-2.0 */
/* Herons, and how they stand in the water. */

struct pool {
	int		depth;
};

struct heron {
	struct pool	h_pool;
	const unsigned long	h_flags;
	unsigned long	__h_flags;
};

struct heron_operations {
	int (*wades)(struct heron *heron, int many);
	int (*rest)(struct heron *heron);
};

static inline void heron_flags_set(struct heron *heron, unsigned long flags)
{
	ACCESS_PRIVATE(heron, __h_flags) |= flags;
}

static inline void heron_flags_clear(struct heron *heron, unsigned long flags)
{
	ACCESS_PRIVATE(heron, __h_flags) &= ~flags;
}

int heron_rest(struct heron *heron);
