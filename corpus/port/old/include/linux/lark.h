/* SPDX-License-Identifier: GPL-2.0 */
/* Larks, and the lists that they are on. */

struct lark {
	const char	*l_song;
};

extern const struct lark early_lark;
extern const struct lark late_lark;
