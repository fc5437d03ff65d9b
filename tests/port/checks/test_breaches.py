"""Ported code under the rules of the new kernel that the old one did not have."""

import pytest

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.checks.breaches import Room, new_breaches

LINES = """\
=====
Rules
=====

A document of our own for two kernels.

inode_operations
================
prototypes::

	int (*setattr) (struct mnt_idmap *, struct dentry *, struct iattr *);

locking rules:

==============	=============================================
ops		i_rwsem(inode)
==============	=============================================
setattr:	{setattr}
==============	=============================================

address_space_operations
========================
prototypes::

	int (*read_folio)(struct file *, struct folio *);

locking rules:

======================	====================
ops			folio locked
======================	====================
read_folio:		{read_folio}
======================	====================
"""
HEADER = b"""\
struct inode_operations {
	int (*setattr) (struct mnt_idmap *, struct dentry *, struct iattr *);
};
struct address_space_operations {
	int (*read_folio)(struct file *, struct folio *);
};
"""
SETATTR = """\
static int elm_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);

%s
	return 0;
}

static const struct inode_operations elm_inode_operations = {
	.setattr = elm_setattr,
};
"""
READ_FOLIO = """\
static int elm_read_folio(struct file *file, struct folio *folio)
{
	int err = 0;

	if (!file)
		return -EIO;
%s
	return err;
}

static const struct address_space_operations elm_aops = {
	.read_folio = elm_read_folio,
};
"""
TAKES = SETATTR % "\tinode_lock(inode);\n\telm_grow(inode, attr);\n\tinode_unlock(inode);"
RELIES = SETATTR % "\tlockdep_assert_held(&inode->i_rwsem);\n\telm_grow(inode, attr);"
KEEPS = READ_FOLIO % "\tfolio_mark_uptodate(folio);"
DOCUMENT = "Documentation/filesystems/locking.rst"


@pytest.fixture
def told(tmp_path, make_repository):
    """told(old cells, new cells, code) -> what is told of a module of this code."""

    def kernel(name, cells):
        text = LINES.format(**({"setattr": "exclusive", "read_folio": "yes, unlocks"} | cells))
        files = {DOCUMENT: text.encode(), "include/linux/fs.h": HEADER, "fs/none.c": b"int none;\n"}
        return make_repository(tmp_path / name, files)

    def tell(before, after, code):
        places = kernel("old", before), kernel("new", after)
        with (
            KernelTree.open(places[0], "HEAD") as old,
            KernelTree.open(places[1], "HEAD") as new,
            JobCache(tmp_path / "jobs.sqlite") as cache,
            SpatchRunner(cache, 1) as runner,
        ):
            room = Room(runner, tmp_path / "cache", 1)
            found = new_breaches(
                old, new, {"elm.c": code.encode()}, (), room, lambda stage, done, total: None, in_tree=False
            )
        return [(one.path, one.evolution, one.reason) for one in found]

    return tell


@pytest.mark.parametrize(
    ("before", "after", "code", "word"),
    [
        ({"setattr": "no"}, {"setattr": "exclusive"}, TAKES, "i_rwsem"),
        ({"setattr": "exclusive"}, {"setattr": "no"}, RELIES, "asserts i_rwsem"),
        ({"read_folio": "yes"}, {"read_folio": "yes, unlocks"}, KEEPS, "locked"),
    ],
    ids=["taken though it is held", "relied upon though it is not held", "not unlocked"],
)
def test_what_breaks_a_rule_that_is_new_is_told(told, before, after, code, word):
    """The compiler takes a module that deadlocks on its first setattr."""
    (path, evolution, reason), *_ = told(before, after, code)

    assert path == "elm.c"
    assert evolution.split(": ")[0] in ("inode_operations.setattr", "address_space_operations.read_folio")
    assert word in reason


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ({}, {}, TAKES),
        ({"setattr": "no"}, {"setattr": "exclusive"}, RELIES),
        ({"setattr": "exclusive"}, {"setattr": "no"}, TAKES),
        ({"read_folio": "yes"}, {"read_folio": "yes, unlocks"}, KEEPS.replace("return -EIO;", "goto out;").replace(
            "\tfolio_mark_uptodate(folio);\n", "\tfolio_mark_uptodate(folio);\nout:\n\tfolio_unlock(folio);\n")),
    ],
    ids=["no new rule", "held and asserted", "not held and taken", "unlocked"],
)  # fmt: skip
def test_what_keeps_the_new_rules_is_not_told(told, before, after, code):
    """Old faults of a module are none of its port, and what obeys is no fault."""
    assert [] == told(before, after, code)
