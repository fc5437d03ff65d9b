/* SPDX-License-Identifier: GPL-2.0 */
int bring_seeds(struct feeder *feeder, int (*way)(int));
