"""What a call puts only into a structure of the function's own is that function's to give back."""

import pytest

from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.words.things import things

CODE = """struct walk { struct inode *dir; struct nest nest; };
struct inode *new_inode(struct super_block *sb);
static struct inode *last;
static void begin(struct walk *walk, struct inode *dir) { walk->dir = dir; }
static void above(struct walk *walk, struct inode *dir) { struct walk own; begin(&own, dir); begin(walk, dir); }
static void shown(struct walk *walk, struct inode *dir) { walk->dir = dir; last = dir; }
static void hung(struct walk *walk, struct inode *dir) { walk->dir = dir; walk->nest->dir = dir; }
static void look(struct walk *walk) { walk->nest.at = 0; }
static void drop(struct walk *walk) { struct inode *dir = walk->dir; iput(dir); }
static void drop_first(struct walk *walk) { struct inode *all[2], *dir; all[0] = walk->dir; dir = all[0]; iput(dir); }
static void look_first(struct walk *walk) { struct inode *all[2], *dir; all[0] = walk->dir; dir = all[0]; look(dir); }
static void end(struct walk *walk) { look(walk); drop(walk); }
static int f(struct super_block *sb, struct walk *given, int n)
{
	struct walk walk;
	struct inode *inode = new_inode(sb);

	if (!inode)
		return -ENOMEM;
	%s
	if (n)
		return -EIO;
	iput(inode);
	return 0;
}
"""


@pytest.mark.parametrize(
    ("body", "fails"),
    [
        ("begin(&walk, inode);", True),
        ("above(&walk, inode);", True),
        ("begin(&walk, inode); look(&walk);", True),
        ("begin(&walk, inode); end(&walk);", False),  # it finds it there
        ("begin(&walk, inode); iput(walk.dir);", False),
        ("begin(&walk, inode); drop_first(&walk);", False),
        ("begin(&walk, inode); look_first(&walk);", True),
        ("begin(given, inode);", False),  # somebody else's
        ("shown(&walk, inode);", False),  # others know of it
        ("hung(&walk, inode);", False),
        ("begin(&walk, inode); *given = walk;", False),
        ("begin(&walk, inode); sb->s_op->show(&walk);", False),
    ],
)
def test_a_structure_of_its_own_is_nobody_else(facts_of, body, fails):
    """An inode that a walk was begun in passed for given away; one that the walk's end drops must stay silent."""
    facts = facts_of({"fs/a/a.c": CODE % body})
    (definition,) = facts.index.definitions("f")
    takers = takers_of(things()["inode"], facts.index, facts.effects)
    (one,) = takers.holdings(facts.index.graph(definition), definition.path)

    assert bool(one.breaches(one.explored())) is fails
