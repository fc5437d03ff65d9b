/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_CROW_H
#define _LINUX_CROW_H

struct crow {
	int nuts;
};

int crow_peck(struct crow *crow, int nuts);
void crow_hop(struct crow *crow, int nuts);

#endif
