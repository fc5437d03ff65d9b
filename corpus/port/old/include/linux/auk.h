/* SPDX-License-Identifier: GPL-2.0 */
/* Auks: one method has two names, another one a form of before and one of by now. */

struct auk;

struct auk_operations {
	union {
		void (*dive)(struct auk *auk);
		void (*dive_new)(struct auk *auk);
	};
	int (*land)(struct auk *auk);
	void (*land_new)(struct auk *auk);
	union {
		int (*feed)(struct auk *auk);
		void (*feed_all)(struct auk *auk, int count);
	};
};
