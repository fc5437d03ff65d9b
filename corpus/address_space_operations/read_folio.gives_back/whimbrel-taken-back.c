// SPDX-License-Identifier: GPL-2.0-only
/// A lock that a callee gives up and says so is taken back for the caller; one that no callee gives up is taken for nobody.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/rwsem.h>

struct whimbrel {
	struct rw_semaphore data;
	struct rw_semaphore log;
	unsigned int left;
};

static int whimbrel_restart(struct whimbrel *box, int *dropped)
{
	if (box->left > 9)
		return -EIO;
	up_write(&box->data);
	*dropped = 1;
	return 0;
}

static int whimbrel_ensure(struct whimbrel *box)
{
	int dropped = 0;
	int err = whimbrel_restart(box, &dropped);

	if (dropped)
		down_write(&box->data);
	return err;		/* ok: read_folio.gives_back */
}

static int whimbrel_count(struct whimbrel *box)
{
	if (box->left)
		down_write(&box->log);
	return box->left > 3;	/* violates: read_folio.gives_back moderate */
}

static int whimbrel_read_folio(struct file *file, struct folio *folio)
{
	struct whimbrel *box = folio->mapping->host->i_sb->s_fs_info;
	int err;

	folio_unlock(folio);
	err = whimbrel_ensure(box);
	if (err)
		return err;	/* ok: read_folio.gives_back */
	return whimbrel_count(box) ? -EINVAL : 0;
}

const struct address_space_operations whimbrel_aops = {
	.read_folio = whimbrel_read_folio,
};
