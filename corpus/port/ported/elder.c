// SPDX-License-Identifier: GPL-2.0
#include <linux/roost.h>

static DEFINE_PERCH(elder_perch, 1);
static DEFINE_PERCHES(elder_perches);

int elder_rows(struct plot *plot, struct elder *elder)
{
	if (elder->perch != &elder_perch)
		perch_sway(elder->perch, ROOST_LATE);
	return plot->p_field->f_row_count + elder->hedge->f_rows;
}
