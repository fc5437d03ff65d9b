"""Leaves `values` and `expressions`: what an expression must be, and what stays unknown."""

import pytest

from cocci_gen.code.texts.expressions import evaluate
from cocci_gen.code.texts.values import UNKNOWN, Flags, Nonzero, Number, gfp_sleeps, truth

KNOWN = {
    "flags": Flags(frozenset({"LOOKUP_RCU"}), False),
    "mask": Flags(frozenset({"MAY_EXEC", "MAY_NOT_BLOCK"}), True),
    "dentry": Number(0),
    "rcu": Number(1),
    "gfp": Flags(frozenset({"GFP_NOWAIT"}), True),
    "S_ISDIR()": Number(1),
    "IS_ENABLED(CONFIG_PREEMPT_RT)": Number(0),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flags & LOOKUP_RCU", True),
        ("flags & (LOOKUP_OPEN | LOOKUP_RCU)", True),
        ("flags & LOOKUP_OPEN", None),
        ("!!(flags & LOOKUP_RCU)", True),
        ("mask & MAY_WRITE", False),
        ("mask & MAY_NOT_BLOCK", True),
        ("(mask & MAY_NOT_BLOCK) == 0", False),
        ("!dentry", True),
        ("dentry == NULL", True),
        ("dentry && x", False),
        ("x || rcu", True),
        ("x && rcu", None),
        ("rcu ? 0 : x", False),
        ("x ? rcu : 1", True),
        ("S_ISDIR(inode->i_mode)", True),
        ("S_ISLNK(inode->i_mode)", None),
        ("IS_ENABLED(CONFIG_PREEMPT_RT)", False),
        ("IS_ENABLED(CONFIG_QUOTA)", None),
        ("likely(rcu)", True),
        ("3 < 2", False),
        ("-1", True),
        ("(bool)rcu", True),
        ("A_SHARED & A_EXCL", False),
        ("A_SHARED & B_EXCL", None),
        ("FGP_WRITEBEGIN & FGP_LOCK", None),
        ("MODE_ONE == MODE_TWO", False),
        ("MODE_ONE", None),
        ("gfpflags_allow_blocking(gfp)", False),
        ("gfp & __GFP_DIRECT_RECLAIM", False),
        ("", None),
        ("a ? b", None),
        ("f(", None),
        ('strcmp(x, "a & b")', None),
        ("x = 1", None),
        ("((((", None),
    ],
)
def test_truth(text, expected):
    """A branch is refused only on proof: a guess would hide a bug or invent one."""

    assert expected is truth(evaluate(text, KNOWN))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GFP_KERNEL", True),
        ("GFP_NOFS | __GFP_ZERO", True),
        ("GFP_ATOMIC", False),
        ("GFP_ATOMIC | __GFP_NOWARN", False),
        ("gfp", False),
        ("gfp | __GFP_ZERO", False),
        ("GFP_KERNEL & ~__GFP_DIRECT_RECLAIM", False),
        ("__GFP_NOWARN", False),
        ("0", False),
        ("rcu ? GFP_ATOMIC : GFP_KERNEL", False),
        ("x ? GFP_ATOMIC : GFP_KERNEL", None),
        ("mapping_gfp_constraint(mapping, GFP_NOFS)", True),
        ("other", None),
        ("other | __GFP_NOWARN", None),
    ],
)
def test_masks(text, expected):
    """The mask alone decides whether an allocation sleeps."""

    assert expected is gfp_sleeps(evaluate(text, KNOWN))


def test_what_is_not_understood_is_unknown():
    """Half an expression that was understood would pass for the whole."""

    assert UNKNOWN == evaluate("rcu rcu", KNOWN)
    assert UNKNOWN == evaluate("+ ".join(["a"] * 200), KNOWN)
    assert Nonzero() == evaluate("&x", {})
