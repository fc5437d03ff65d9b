// SPDX-License-Identifier: GPL-2.0
#include <linux/finch.h>

int quill_songs(struct cage *cage)
{
	struct finch *finch;
	int songs = 0;

	for_each_finch(finch, cage->c_first, f_u.f_next)
		songs += finch->f_song;
	return songs;
}
