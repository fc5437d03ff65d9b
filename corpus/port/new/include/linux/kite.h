/* SPDX-License-Identifier: GPL-2.0 */
/* Kites, and what is marked on them. */

struct kite {
	unsigned long	k_marks;
};

#define KITE_MARK(Name, bit)						\
static inline int Kite##Name(struct kite *kite)				\
{									\
	return kite->k_marks & 1ul << bit;				\
}									\
static inline void SetKite##Name(struct kite *kite)			\
{									\
	kite->k_marks |= 1ul << bit;					\
}

KITE_MARK(High, 0)

void kite_land(struct kite *kite);
int kite_pull(struct kite *kite);
