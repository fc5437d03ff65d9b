// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>

static DEFINE_PERCH(elder_perch);
static DEFINE_PERCHES(elder_perches);

int elder_rows(struct plot *plot, struct elder *elder)
{
	if (elder->perch != &elder_perch)
		perch_sway(elder->perch);
	return plot->p_field->f_rows + elder->hedge->f_rows;
}
