"""What the usual folders do not show."""

import pytest

from cocci_gen.port.changes.declared import Function, Member
from cocci_gen.port.changes.evolutions import FunctionGone, HeaderGone, MemberGone
from cocci_gen.port.changes.mentions import Met
from cocci_gen.port.checks.elsewhere import files_that_use, unseen
from cocci_gen.port.knowledge import Knowledge
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.lessons.types import TypeIndex

MOOR = FunctionGone(Function("dock_moor", "int", ("int a",), "include/linux/dock.h", 1), ())
DEPTH = MemberGone(Member("dock", "depth", "int", "include/linux/dock.h", 1), alone=True)
RULE = PortRule("r", MOOR.id, "", "@@\n@@\n", Declarations(), ())
PLACES = ("fs/a/a.c: f()", "fs/b/b.c: f()", "fs/c/c.c: f()")


def known(rules=(), nearest=(), kept=()):
    """What the usual folders teach of dock_moor()."""
    return Knowledge((), (), rules, {MOOR.id: nearest}, frozenset(kept), TypeIndex({}, {}))


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        (known(), True),
        (known(nearest=PLACES[:1]), True),
        (known(nearest=PLACES), False),
        (known(rules=(RULE,)), False),
        (known(kept=("dock_moor",)), False),
    ],
    ids=["nobody", "one", "enough, who do not agree", "a rule", "called as before"],
)
def test_only_what_nobody_shows_is_looked_for(what, asked):
    """A minute of reading for what is known; or a rule from drivers against what file systems do."""
    assert ((MOOR,) if asked else ()) == unseen([Met(MOOR, ("a.c:1",))], what)


def test_a_header_has_no_users_that_show_anything():
    """All files that include one that went would be read."""
    assert () == unseen([Met(HeaderGone("include/linux/dock.h", ()), ("a.c:1",))], known())


def test_a_member_is_used_by_who_names_its_structure_as_well():
    """`depth` is a word of half of the drivers."""
    files = {"a.c": frozenset({"depth"}), "b.c": frozenset({"depth", "dock"}), "c.c": frozenset({"dock_moor"})}

    assert ("b.c",) == files_that_use([DEPTH], lambda words: files)
    assert ("b.c", "c.c") == files_that_use([DEPTH, MOOR], lambda words: files)


def test_of_many_files_some_are_read():
    """What all drivers call would take as long as all drivers."""
    files = {f"drivers/{number}.c": frozenset({"dock_moor"}) for number in range(500)}
    some = files_that_use([MOOR], lambda words: files)

    assert 20 < len(some) < 100
    assert some == files_that_use([MOOR], lambda words: files)
