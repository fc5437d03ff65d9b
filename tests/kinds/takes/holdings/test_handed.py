"""Helpers that hand back what they have locked."""

import pytest

from cocci_gen.kinds.takes.holdings.states import state_holdings, states_in
from cocci_gen.kinds.takes.words.sorts import states

HEAD = """\
static struct bed *bed_get(struct inode *dir)
{
	struct bed *bed = bed_of(dir);

	if (!bed)
		return NULL;
	mutex_lock(&bed->lock);
	if (bed->gone) {
		mutex_unlock(&bed->lock);
		return ERR_PTR(-ENOENT);
	}
	return bed;
}
static struct inode *bed_new(struct inode *dir)
{
	struct inode *inode = new_inode(dir->i_sb);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (insert_inode_locked(inode) < 0) {
		iput(inode);
		return ERR_PTR(-EIO);
	}
	return inode;
}
static struct bed *at_times(struct inode *dir)
{
	struct bed *bed = bed_of(dir);

	if (dir->n)
		mutex_lock(&bed->lock);
	return bed;
}
static struct bed *ended(struct inode *dir)
{
	struct bed *bed = bed_of(dir);

	mutex_lock(&bed->lock);
	mutex_unlock(&bed->lock);
	return bed;
}
static struct bed *given(struct bed *bed) { mutex_lock(&bed->lock); return bed; }
"""


def kept(facts_of, body, sort):
    """(expression, whether some failing return keeps it) of all that a function with this body takes of a sort."""
    code = f"{HEAD}static int f(struct inode *dir, struct dentry *dentry, int n)\n{{\n\t{body}\n}}\n"
    facts = facts_of({"fs/bed/a.c": code})
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == sort)
    if state not in states_in(facts.index.text_of(definition), "fs/bed/a.c", facts.index):
        return []
    found = state_holdings(facts.index.graph(definition), "fs/bed/a.c", state, facts.index)
    return [(one.name, bool(one.breaches(one.explored()))) for one in found]


@pytest.mark.parametrize(("name", "fails"), [("bed_lock", True), ("bed_guard", False)])
def test_a_header_hands_back_what_it_locks(facts_of, name, fails):
    """`ptl = pmd_lock(mm, pmd)`: a lock that no file of the folder takes would be kept without a word."""
    body = "struct spinlock *at = of(bed); spin_lock(at); return at;"
    head = f"static inline struct spinlock *{name}(struct bed *bed) {{ {body} }}\n"
    body = f"struct spinlock *at = {name}(bed); if (n) return -EIO; spin_unlock(at); return 0;"
    code = f"int f(struct bed *bed, int n) {{ {body} }}\n"
    facts = facts_of({"include/linux/bed.h": head, "fs/bed/a.c": code})
    (definition,) = facts.index.definitions("f")
    (state,) = (one for one in states() if one.thing.name == "spinlock")
    found = state_holdings(facts.index.graph(definition), "fs/bed/a.c", state, facts.index)

    assert any(one.breaches(one.explored()) for one in found) is fails
    assert (state in states_in(facts.index.text_of(definition), "fs/bed/a.c", facts.index)) is fails


NEW = "struct inode *inode = bed_new(dir); if (IS_ERR(inode)) return PTR_ERR(inode); "
GET = "struct bed *bed = bed_get(dir); if (IS_ERR_OR_NULL(bed)) return -EIO; "


@pytest.mark.parametrize(
    ("body", "sort", "found"),
    [
        (f"{NEW}if (n) return -EIO; d_instantiate_new(dentry, inode); return 0;", "new_inode", [("inode", True)]),
        (f"{NEW}if (n) {{ discard_new_inode(inode); return -EIO; }} d_instantiate_new(dentry, inode); return 0;",
         "new_inode", []),
        (f"{GET}if (n) return -EIO; mutex_unlock(&bed->lock); return 0;", "mutex", [("bed->lock", True)]),
        (f"{GET}mutex_unlock(&bed->lock); if (n) return -EIO; return 0;", "mutex", []),
        ("struct bed *bed = at_times(dir); if (n) return -EIO; mutex_unlock(&bed->lock); return 0;", "mutex", []),
        ("struct bed *bed = ended(dir); if (n) return -EIO; return 0;", "mutex", []),
        ("dir->own = bed_get(dir); if (n) return -EIO; return 0;", "mutex", []),
    ],
)  # fmt: skip
def test_what_is_handed_back_locked_is_its_callers_to_unlock(facts_of, body, sort, found):
    """A new inode stays locked for ever, and who looks for it waits; else every function that makes one is an alarm."""
    ways = [one for one in kept(facts_of, body, sort) if one[1]]

    assert ways == [one for one in found if one[1]]
