// SPDX-License-Identifier: GPL-2.0
#include <linux/kite.h>

struct string {
	struct kite	*kites[4];
};

int fennel_flies(struct kite *kite, struct string *string, int wind)
{
	int i;

	if (!wind)
		SetKiteWet(kite);
	for (i = 0; i < 4; i++) {
		SetKiteWet(string->kites[i]);
		kite_land(string->kites[i]);
	}
	if (kite_pull(kite))
		SetKiteWet(kite);
	if (wind > 3) {
		kite_land(kite);
	} else {
		SetKiteWet(kite);
	}
	if (KiteTorn(kite))
		return wind;
	SetKiteTorn(kite);
out:
	SetKiteWet(kite);
	return 0;
}
