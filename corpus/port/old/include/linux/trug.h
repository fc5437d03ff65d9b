/* SPDX-License-Identifier: GPL-2.0 */
struct trug;

int trug_fill(struct trug *trug, int n);
