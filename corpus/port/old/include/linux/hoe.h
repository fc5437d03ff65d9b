/* SPDX-License-Identifier: GPL-2.0 */
int hoe_sharpen(int angle);
