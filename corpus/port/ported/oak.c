// SPDX-License-Identifier: GPL-2.0
#include <linux/meadow.h>
#include <linux/rope.h>

/* Another field's rows stay as they are. */
struct oak_field {
	int f_rows;
};

int oak_dig(struct field *field, struct plot *plot, struct oak_field *oak)
{
	field->f_row_count = plot_dig(plot, 3);
	oak->f_rows = rope_tie(plot);
	return plot_dig(oak_next(field), plot, field->f_row_count);
}
