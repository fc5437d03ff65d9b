"""What a method looks at in rcu-walk, and how it comes there."""

from cocci_gen.code.texts.values import Number
from cocci_gen.facts.sleeps.walk_reads import WalkReads
from cocci_gen.facts.walks.sleep_words import sleep_words

TEXT = """\
static int inner(struct info *info, int walk) { if (walk) return info->walk; return info->slow; }
static int file_only(struct inode *inode) { if (S_ISREG(inode->i_mode)) return inode->i_private->data; return 0; }
static int ask(struct inode *inode, int walk)
{
	inner(inode->i_sb->s_fs_info, walk);
	return file_only(inode);
}
"""


def looked_at(facts_of, *, directory):
    """The members that ask() looks at with walk == 1."""
    facts = facts_of({"fs/a.c": TEXT})
    (definition,) = facts.index.definitions("ask")
    reads = WalkReads(facts.index, sleep_words(), directory=directory)
    found = reads.of(definition, facts.index.graph(definition), frozenset({("walk", Number(1))}))
    return {one.path[-1]: one for one in found}


def test_the_mode_is_handed_down(facts_of):
    """A helper that is told of the walk looks only at what it looks at then; the steps lead there."""
    found = looked_at(facts_of, directory=False)
    assert {"s_fs_info", "walk", "data"} <= found.keys()
    assert "slow" not in found
    assert [step.note.split(":")[0] for step in found["walk"].steps] == [
        "rcu-walk calls ask(), and pins nothing",
        "ask() calls inner()",
        "inner() looks at it",
    ]


def test_directories_are_no_files(facts_of):
    """->permission of a walk is asked for directories only."""
    assert "data" not in looked_at(facts_of, directory=True)
