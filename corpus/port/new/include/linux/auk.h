/* SPDX-License-Identifier: GPL-2.0 */
/* Auks: one method has two names, another one a form of before and one of by now. */

struct auk;

struct auk_operations {
	void (*dive)(struct auk *auk);
	void (*land)(struct auk *auk);
	int (*feed)(struct auk *auk);
};
