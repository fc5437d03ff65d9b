"""Leaf `unpinned`: looks at dentries that nobody holds in rcu-walk."""

import pytest

from cocci_gen.code.texts.values import Flags, Number
from cocci_gen.facts.sleeps.sleep_chains import Forbidden, Setting
from cocci_gen.facts.sleeps.sleeps import CallChains
from cocci_gen.facts.walks.sleep_flow import Unpinned
from cocci_gen.facts.walks.sleep_words import sleep_words
from cocci_gen.facts.walks.unpinned import Breach

RCU = frozenset({("flags", Flags(frozenset({"LOOKUP_RCU"}), False)), ("d", Unpinned())})
HELPERS = """
static int follows(struct inode *i) { return i->n; }
static int asks(struct inode *i) { if (!i) return 0; return i->n; }
static int deep(struct dentry *e) { return d_inode(e)->n; }
static int apart(struct dentry *e) { struct inode *i = d_inode(e); return i ? i->n : 0; }
"""


@pytest.fixture
def why(index_of):
    """why(body, bindings) -> why each reach of a method with that body is wrong."""

    def find(body, bindings=RCU):
        text = f"{HELPERS}int demo(struct dentry *d, unsigned int flags) {{ {body} }}"
        index = index_of({"fs/a.c": text})
        (definition,) = index.definitions("demo")
        engine = CallChains(index, sleep_words(), Setting(Forbidden.UNPINNED))
        found = engine.reaches(index.graph(definition), "fs/a.c", bindings)
        return [(reach.call.callee, Breach(reach.chain.why)) for reach in found]

    return find


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return d_inode(d)->n;", [("d_inode", Breach.UNTESTED)]),
        ("return EXT(d_inode(d))->n;", [("d_inode", Breach.UNTESTED)]),
        ("struct inode *i = d_inode(d); return i->n;", [("d_inode", Breach.UNTESTED)]),
        ("struct ext *i = EXT(d_inode(d)); return i->n;", [("d_inode", Breach.UNTESTED)]),
        ("struct inode *i = d_inode_rcu(d); return i->n;", [("d_inode_rcu", Breach.UNTESTED)]),
        ("struct inode *i = READ_ONCE(d->d_inode); return i->n;", [("d->d_inode", Breach.UNTESTED)]),
        ("struct inode *i = d->d_inode; if (flags) return i->n; if (!i) return 0;", [("d->d_inode", Breach.UNTESTED)]),
        ("return follows(d_inode(d));", [("d_inode", Breach.UNTESTED)]),
        ("return deep(d);", [("deep", Breach.UNTESTED)]),
        ("struct inode *i = d_inode_rcu(d); if (IS_FOLDED(i)) return 1; return 0;", [("d_inode_rcu", Breach.UNTESTED)]),
        ("struct inode *i = d_inode_rcu(d); return IS_FOLDED(i) && i;", [("d_inode_rcu", Breach.UNTESTED)]),
        (
            "struct dentry *p = d->d_parent; struct inode *i = p->d_inode; return IS_DEAD(i);",
            [("p->d_inode", Breach.PARENT)],
        ),
        ("return d->d_parent->d_inode->n;", [("d->d_parent->d_inode", Breach.PARENT)]),
        ("struct inode *i = d_inode(d->d_parent); return stranger(i);", [("d_inode", Breach.PARENT)]),
        ("struct inode *i = d_inode(d->d_parent); if (follows(i)) return 1; return 0;", [("d_inode", Breach.PARENT)]),
        ("dget(d); return 1;", [("dget", Breach.PINS)]),
        ("dget(d->d_parent); return 1;", [("dget", Breach.PINS)]),
    ],
)
def test_what_is_wrong_in_rcu_walk(why, body, expected):
    """Each of these oopses, or works on what is gone, when the dentry is removed at the same moment."""
    assert expected == why(body)


@pytest.mark.parametrize(
    "body",
    [
        "struct inode *i = d_inode(d); if (!i) return -ECHILD; return i->n;",
        "struct inode *i = d_inode_rcu(d); return i && i->n;",
        "struct inode *i = READ_ONCE(d->d_inode); if (i == NULL) return 0; return i->n;",
        "struct inode *dir = d_inode(d->d_parent); if (!dir) return -ECHILD; return follows(dir);",
        "struct inode *i = d_inode(d); if (asks(i)) return i->n; return 0;",
        "return asks(d_inode(d));",
        "struct inode *i = READ_ONCE(d->d_inode); if (!i || !IS_FOLDED(i)) return 1; return 0;",
        "struct inode *i = d_inode_rcu(d); return i && IS_FOLDED(i);",
        "struct inode *i = d_inode_rcu(d); return !i || follows(i);",
        "struct inode *i = d_inode_rcu(d); if (IS_ERR(i)) return 1; return 0;",
        "return apart(d);",
        "return d_inode(d) == NULL;",
        "return d_inode(d->d_sb->s_root)->n;",
        "struct dentry *p = dget_parent(d); return d_inode(p)->n;",
        "if (flags & LOOKUP_RCU) return -ECHILD; return d_inode(d)->n;",
        "d->d_inode = NULL; return 1;",
        "return stranger(d_inode(d));",
    ],
)
def test_what_is_right_in_rcu_walk(why, body):
    """Read once and tested, only compared, held by somebody, or behind the bail-out."""
    assert [] == why(body)


def test_a_dentry_that_is_null(why):
    """->get_link gets no dentry in rcu-walk: whatever looks into it oopses, however deep."""
    absent = frozenset({("d", Number(0))})

    assert [("d->d_sb", Breach.ABSENT)] == why("return d->d_sb->n;", absent)
    assert [("d_inode", Breach.ABSENT)] == why("return stranger(d_inode(d));", absent)
    assert [("deep", Breach.ABSENT)] == why("return deep(d);", absent)
    assert [] == why("if (!d) return -ECHILD; return d->d_sb->n;", absent)
