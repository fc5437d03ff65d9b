// SPDX-License-Identifier: GPL-2.0
#include <linux/kite.h>

void ash_rain(struct kite *kite)
{
	SetKiteWet(kite);
	kite_land(kite);
}

void ash_storm(struct kite *kite)
{
	SetKiteTorn(kite);
	kite_land(kite);
}
