// SPDX-License-Identifier: GPL-2.0-only
/// Who hands out what is made of a thing leaves that to its caller with it, and nothing with a NULL; what a helper warns of is
/// not to be, and says nothing of what it gives back.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct folio *read_mapping_folio(struct address_space *mapping, pgoff_t index, struct file *file);
void folio_put(struct folio *folio);
void *folio_address(struct folio *folio);

static char *yucca_opens(struct inode *dir)
{
	struct folio *folio = read_mapping_folio(dir->i_mapping, 0, NULL);
	char *text;

	if (IS_ERR(folio))
		return NULL;	/* ok: lookup.gives_back */
	text = folio_address(folio);
	if (!text[0])
		return NULL;	/* violates: lookup.gives_back */
	return text;	/* ok: lookup.gives_back */
}

static void yucca_withers(struct inode *dir, struct folio *folio)
{
	if (WARN_ON(dir->i_size > 8))
		return;
	folio_put(folio);
}

static struct dentry *yucca_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct folio *folio = read_mapping_folio(dir->i_mapping, 1, NULL);

	if (IS_ERR(folio))
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	yucca_withers(dir, folio);
	return yucca_opens(dir) ? NULL : ERR_PTR(-EIO);	/* ok: lookup.gives_back */
}

const struct inode_operations yucca_iops = { .lookup = yucca_lookup };
