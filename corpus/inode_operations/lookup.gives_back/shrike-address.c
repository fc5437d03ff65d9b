// SPDX-License-Identifier: GPL-2.0-only
/// The address of a page that is there is never NULL, and what is lost where it is is so to the letter alone.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/mm.h>

struct page *alloc_page(unsigned int gfp);
void *page_address(const struct page *page);
void put_page(struct page *page);
int shrike_fill(void *at);

static struct dentry *shrike_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct page *page = alloc_page(flags);
	void *at;

	if (!page)
		return ERR_PTR(-ENOMEM);	/* ok: lookup.gives_back */
	at = page_address(page);
	if (!at)
		return ERR_PTR(-ENOMEM);	/* violates: lookup.gives_back low */
	shrike_fill(at);
	put_page(page);
	return NULL;	/* ok: lookup.gives_back */
}

const struct inode_operations shrike_iops = {
	.lookup = shrike_lookup,
};
