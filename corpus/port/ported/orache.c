// SPDX-License-Identifier: GPL-2.0
#include <linux/auk.h>

static void orache_dive(struct auk *auk)
{
	orache_count(auk);
}

static void orache_land(struct auk *auk)
{
	orache_count(auk);
}

/* Whoever feeds all feeds nobody else. */
static void orache_feed_all(struct auk *auk, int count)
{
	orache_count(auk);
}

static const struct auk_operations orache_operations = {
	.dive		= orache_dive,
	.land		= orache_land,
	.feed_all	= orache_feed_all,
};

static void orache_land_once(struct auk *auk)
{
	orache_land(auk);
}

/* For kernels of then and of now. */
static const struct auk_operations orache_both = {
	.land		= orache_land_once,
	.land_new	= orache_land,
};
