// SPDX-License-Identifier: GPL-2.0
#include <linux/kite.h>

void cedar_rain(struct kite *kite)
{
	kite_land(kite);
}

void cedar_storm(struct kite *kite)
{
	kite_land(kite);
}
