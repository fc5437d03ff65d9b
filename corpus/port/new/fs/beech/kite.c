// SPDX-License-Identifier: GPL-2.0
#include <linux/kite.h>

void beech_rain(struct kite *kite)
{
	kite_land(kite);
}

void beech_storm(struct kite *kite)
{
	kite_land(kite);
}
