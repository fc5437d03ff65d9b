"""What the tree uses instead of what went."""

import pytest

from cocci_gen.code.texts.source import FunctionSpan, file_facts
from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Function, Method
from cocci_gen.port.changes.evolutions import FunctionGone, MethodGone
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.successors import Successors
from cocci_gen.port.texts.instances import Written

GONE = FunctionGone(Function("mow", "int", ("int n",), "include/linux/shed.h", 1), ())
BURN = MethodGone(Method("shed_operations", Prototype("burn", "int", (), "", 1, 1, "", ()), "include/linux/shed.h"))


def pair(number, old, new, name="f"):
    """A function of the tree, before and after."""
    span = FunctionSpan(name, 0, 1, 1, 3, static=False, inline=False, whole=True)
    texts = [f"int {name}(int n)\n{{\n\t{text}\n}}\n".encode() for text in (old, new)]
    return Pair(*(Written(f"fs/a{number}/a.c", span, text) for text in texts))


def functions(pairs, excluded=()):
    """What is told of mow()."""
    return Successors([GONE], pairs, {}, {}).without(excluded)


@pytest.mark.parametrize(
    ("news", "told"),
    [
        (["cut(n);"] * 3, "of 3 functions that do without it by now, 3 use cut()"),
        (["cut(n);"] * 3 + ["n++;"], "of 4 functions that do without it by now, 3 use cut()"),
        (["s->cut(n);"] * 3, "of 3 functions that do without it by now, 3 use ->cut"),
        (["CUT;"] * 3, "of 3 functions that do without it by now, 3 use CUT"),
        (["cut(n);"] * 2, None),
        (["cut(n);"] * 3 + ["n++;"] * 4, None),
        (["mow(n); cut(n);"] * 3, None),
    ],
    ids=["all", "most", "a member", "a constant", "two are none", "the fewer", "still used"],
)
def test_what_most_use_instead_is_named(news, told):
    """A person would be told that it is gone, and look through the history for what others did."""
    assert told == functions([pair(number, "mow(n);", new) for number, new in enumerate(news)]).get(GONE.id)


def test_what_everybody_began_to_use_is_no_successor():
    """A helper that came everywhere at the same time would be named for all that went."""
    others = [pair(10 + number, "n++;", "n++; cut(n);", "g") for number in range(4)]

    assert {} == functions([pair(number, "mow(n);", "cut(n);") for number in range(3)] + others)


def test_what_came_for_something_else_that_went_is_no_successor():
    """Where write_one_page() went, unlock_page() went too, and folio_unlock() was named for the first: it writes nothing."""
    both = [pair(number, "mow(n); stop(n);", "cut(n); halt(n);") for number in range(3)]
    alone = [pair(10 + number, "stop(n);", "halt(n);", "g") for number in range(3)]
    # With the lift of a larger tree.
    others = [pair(20 + number, "n++;", "n--;", "h") for number in range(12)]

    assert "of 3 functions that do without it by now, 3 use cut()" == functions(both + alone + others)[GONE.id]


def test_what_came_without_the_other_one_too_stays_a_successor():
    """strscpy() came for strlcpy() and for strncpy(); some functions had both."""
    steps = [pair(0, "mow(n); stop(n);", "halt(n);"), *(pair(number, "mow(n);", "halt(n);") for number in (1, 2))]
    alone = [pair(10 + number, "stop(n);", "halt(n);", "g") for number in range(3)]
    others = [pair(20 + number, "n++;", "n--;", "h") for number in range(12)]

    assert "of 3 functions that do without it by now, 3 use halt()" == functions(steps + alone + others)[GONE.id]


def test_one_part_of_the_tree_is_no_tree():
    """A helper of one file system would be named to all others; and the code at hand would be its own example."""
    pairs = [pair(number, "mow(n);", "cut(n);") for number in range(4)]

    assert {} == functions([pair(1, "mow(n);", "cut(n);", name) for name in "fgh"])
    assert {GONE.id} == set(functions(pairs, {"fs/a1"}))
    assert {} == functions(pairs, {"fs/a1", "fs/a2"})


def test_what_tables_name_instead_is_told():
    """A method without a successor in its own structure has one in another: `->remount_fs`, and `->reconfigure` of contexts."""
    old = b"static struct shed_operations o = {\n\t.burn = f,\n\t.keep = k,\n};\n"
    new = b"static struct shed_operations o = {\n\t.keep = k,\n};\nstatic struct kiln_operations q = {\n\t.heat = f,\n};\n"
    sides = [
        {f"fs/a{number}/a.c": file_facts(text, ("burn", "keep", "heat")) for number in range(3)} for text in (old, new)
    ]

    assert {BURN.id: "of 3 files that do without it by now, 3 use kiln_operations.heat"} == Successors(
        [BURN], [], *sides
    ).without(())
