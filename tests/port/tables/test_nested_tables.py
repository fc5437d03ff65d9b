"""Nests of tables that are one table and a path by now."""

import json

import pytest

from cocci_gen.port.changes.declared import Function, Member
from cocci_gen.port.changes.evolutions import FunctionGone, MemberGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Examples, Pair
from cocci_gen.port.store import dumped, loaded
from cocci_gen.port.tables.nested_table_rules import nested_table_rules
from cocci_gen.port.tables.nested_tables import Nests, called_with
from cocci_gen.port.texts.instances import read_code

HEADER = "include/linux/row.h"
SOW = FunctionGone(Function("sow_nest", "int", ("struct row *rows",), HEADER, 1), ())
BELOW = MemberGone(Member("row", "below", "struct row *", HEADER, 2), alone=True)
INNER = 'static struct row {n}_rows[] = {{\n\t{{\n\t\t.name = "x",\n\t\t.show = f,\n\t}},\n{end}}};\n'
OUTER = (
    'static struct row {n}_{name}[] = {{\n\t{{\n\t\t.name = "{name}",\n\t\t.mode = {mode},\n\t\t.below = {n}_{to},\n'
    "\t}},\n\t{{ }}\n}};\n"
)
INIT = "\nint {n}_init(void)\n{{\n\t{call};\n}}\n"


def before(n="my", call="return sow_nest({n}_fs)", mode="0555", outer="mid fs", end="\t{ }\n"):
    """A file with a nest of three tables."""
    text, to = INNER.format(n=n, end=end), "rows"
    for name in outer.split():
        text += "\n" + OUTER.format(n=n, name=name, mode=mode, to=to)
        to = name
    return text + INIT.format(n=n, call=call.format(n=n))


def after(n="my", call='return sow("fs/mid", {n}_rows)', end=""):
    """The same by now."""
    return INNER.format(n=n, end=end) + INIT.format(n=n, call=call.format(n=n))


def known(*files, excluded=()):
    """What files teach, each (old, new)."""
    sides = [
        read_code([(f"fs/a{number}/a.c", one[side].encode()) for number, one in enumerate(files)], frozenset())
        for side in (0, 1)
    ]
    pairs = [
        Pair(old, new)
        for name, ones in sides[0].functions.items()
        for old in ones
        for new in sides[1].functions.get(name, ())
        if new.path == old.path
    ]
    return Nests([SOW, BELOW], Examples(*sides, tuple(pairs))).without(excluded)


GOOD = [(before(), after())] * 3
BARE = [(before(call="sow_nest({n}_fs)"), after(call='sow_first("fs/mid", {n}_rows)'))] * 3


def test_callers_show_that_names_of_tables_are_a_path():
    """A module would name a function that is not there, and a member."""
    (one,) = known(*GOOD)

    assert ("row", "below", "sow", "", {"mode=0555"}, True) == (
        one.struct, one.member, one.used, one.unused, one.lost, one.counted,
    )  # fmt: skip
    assert (3, 3, 3) == (one.ground.shown, one.ground.of, one.ground.groups)
    assert one == loaded(json.loads(json.dumps(dumped(one))))


@pytest.mark.parametrize(
    "some",
    [
        GOOD[:2],
        [*GOOD, (before(), after(call='return sow("mid/fs", {n}_rows)'))],
        [(before(), after(call='return sow("mid/fs", {n}_rows)'))] * 3,
        [*GOOD, (before(), after(end="\t{ }\n"))],
        [(before(outer="fs"), after(call='return sow("other", {n}_rows)'))] * 3,
        [(before().replace(".below = my_mid,\n\t},", ".below = my_mid,\n\t},\n\t{ .name = \"y\" },"), after())] * 3,
    ],
    ids=["too few", "one does otherwise", "the other way round", "one keeps its end", "another word", "two in one table"],
)  # fmt: skip
def test_what_the_callers_contradict_is_not_known(some):
    """The path would be somewhere else."""
    assert () == known(*some)


def test_without_the_groups_that_are_left_out_too_few_are_left():
    """A file system would learn from itself."""
    assert () == known(*GOOD, excluded={"fs/a0"})


def ported(text, some=GOOD, workshop=None):
    """The text after the rules for it."""
    rules, carried = nested_table_rules(known(*some), read_code([("a.c", text.encode())], frozenset()))
    assert len(rules) == len(carried)
    done = apply_rules(rules, {"a.c": text.encode()}, workshop.runner)
    assert () == done.refused
    return done.texts["a.c"].decode()


def test_the_call_the_tables_and_the_end_go_together(workshop):
    """One without the others would not build, or be refused by the kernel."""
    assert "\n".join(after().split("\n")) == "\n".join(
        ported(before(), workshop=workshop).replace("\n\n\n", "\n\n").split("\n")
    )


def test_an_end_that_is_looked_for_stays(workshop):
    """What does not count would read beyond it."""
    kept = [(before(), after(end="\t{ }\n"))] * 3

    assert INNER.format(n="my", end="\t{ }\n") in ported(before(), kept, workshop)


def test_who_does_not_use_the_value_calls_what_those_call(workshop):
    """A module would lose what it has to give back."""
    text = before(call="sow_nest({n}_fs)")

    assert 'sow_first("fs/mid", my_rows);' in ported(text, [*GOOD, *BARE], workshop)
    assert 'return sow("fs/mid", my_rows);' in ported(before(), [*GOOD, *BARE], workshop)
    assert 'sow("fs/mid", my_rows);' in ported(text, GOOD, workshop)
    assert before() == ported(before(), BARE, workshop)


@pytest.mark.parametrize(
    "text",
    [
        before(mode="0700"),
        before().replace("return", "my_mid[0].mode = 0;\n\treturn"),
        before().replace("return", "show(my_rows);\n\treturn"),
        before(call="return sow_nest({n}_other)"),
        before(call="return sow_nest({n}_fs) || sow_nest({n}_fs)"),
        before().replace("static struct row my_fs", "struct row my_fs"),
        before().replace('.name = "fs"', ".name = word"),
        before(end="\tROW_END\n"),
        before().replace('.name = "mid",', '#ifdef CONFIG_X\n\t\t.name = "mid",\n#endif'),
    ],
    ids=[
        "another mode", "an outer table is changed", "the inner one is shown", "no table of the file", "two calls",
        "other files may name it", "a name that is made", "an end that is not known", "a condition",
    ],
)  # fmt: skip
def test_a_nest_that_says_more_is_left(workshop, text):
    """What it says beside would be lost without a word."""
    assert text == ported(text, workshop=workshop)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{ f(a); }", ("a", False)),
        ("{ if (x)\n f(a); }", ("a", False)),
        ("{ if (x) y(); else f(a); }", ("a", False)),
        ("{ b = f(a); }", ("a", True)),
        ("{ return f(a) ? 0 : 1; }", ("a", True)),
        ("{ (void)f(a) + 1; }", ("a", True)),
        ("{ f(&a); }", None),
        ("{ f(a); g = f; }", None),
    ],
)
def test_whether_a_value_is_used(text, found):
    """A header that nobody can give back would be left."""
    assert found == called_with("f", text.encode())
