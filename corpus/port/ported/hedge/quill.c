// SPDX-License-Identifier: GPL-2.0
#include <linux/finch.h>

int quill_songs(struct cage *cage)
{
	struct finch *finch;
	int songs = 0;

	for_each_caged(finch, cage)
		songs += finch->f_song;
	return songs;
}
