// SPDX-License-Identifier: GPL-2.0-only
/// A page that is mapped is unmapped before a failure is told, by the address or by one that is made from it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void *kmap_local_folio(struct folio *folio, size_t offset);
void kunmap_local(const void *addr);
int sedge_counts(const char *text);

static int sedge_leaves(struct folio *folio)
{
	char *text = kmap_local_folio(folio, 0);

	if (text[0] == 0)
		return -EIO;	/* violates: lookup.gives_back */
	kunmap_local(text);
	return 0;
}

static int sedge_moves(struct folio *folio)
{
	char *text = kmap_local_folio(folio, 0), *rest = text + 2;
	int err = sedge_counts(rest);

	kunmap_local(rest);
	if (err)
		return -EIO;	/* ok: lookup.gives_back */
	return 0;
}

static struct dentry *sedge_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = sedge_leaves(dir->i_private);

	return ERR_PTR(err ? err : sedge_moves(dir->i_private));
}

const struct inode_operations sedge_iops = { .lookup = sedge_lookup };
