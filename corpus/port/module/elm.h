/* SPDX-License-Identifier: GPL-2.0 */
/* What stays as it is: a member of the same name in a structure of the module's own. */
struct elm_disk_plot {
	long p_time;
};

int elm_sow(struct owner *, struct plot *, int);
int elm_fence(struct plot *plot, int height);
