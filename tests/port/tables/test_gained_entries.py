"""Entries that many tables got, and tables without them."""

import json

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.evolutions import MethodGone, MethodRenamed
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.store import dumped, loaded
from cocci_gen.port.tables.gained_entries import Steps, gained_entries, without_gained
from cocci_gen.port.texts.instances import read_code


def table(number, old, new, value="hay_lend"):
    """A table of a folder of its own, with these methods before and by now; ->lend is the kernel's own."""
    entries = [{name: f"a_{name}" for name in names.split()} for names in (old, new)]
    if "lend" in entries[1]:
        entries[1]["lend"] = entries[0].get("lend", value)
    return Table(f"fs/a{number}/a.c", "ops", "hay_operations", *entries)


def method(name):
    """A method of these tables."""
    return Method("hay_operations", Prototype(name, "int", ("int n",), "", 1, 1, "", ()), "include/linux/hay.h")


STEPS = Steps([MethodGone(method("loan")), MethodRenamed(method("reap"), method("cut"), ())])
HAD = table(90, "cut lend", "cut lend")
GOT = [table(number, "cut rake", "cut rake lend") for number in range(10)]
NOT = [table(number, "rake", "rake") for number in range(10, 40)]


def test_what_many_tables_got_is_found_beside_what_tells_them_apart():
    """Who has no ->setlease grants no lease any more, and neither compiler nor header says so."""
    (one,) = gained_entries([HAD, *GOT, *NOT], STEPS)

    assert ("lend", "hay_lend", "cut", 10, 10) == (one.member, one.value, one.beside, one.shown, one.of)
    assert ("fs/a0/a.c: ops", "fs/a1/a.c: ops", "fs/a2/a.c: ops") == one.examples
    assert one == loaded(json.loads(json.dumps(dumped(one))))


@pytest.mark.parametrize(
    "tables",
    [
        [HAD, *GOT[:9], *NOT],
        [*GOT, *NOT],
        [HAD, *GOT[:7], *(table(number, "cut", "cut lend", f"b{number}_lend") for number in range(50, 55))],
        [HAD, *(table(number, "cut rake", "cut lend") for number in range(10))],
        [HAD, *GOT, *(table(number, "cut rake", "cut rake") for number in range(50, 61))],
    ],
    ids=["too few", "a method that came", "each its own", "in place of another", "as many did not"],
)
def test_what_shows_nothing_is_not_told(tables):
    """Everybody would be told of what some wrote anew."""
    assert () == gained_entries(tables, STEPS)


def test_what_came_for_a_method_that_went_is_told_to_tables_that_had_none_of_it():
    """They crash: the kernel calls ->dirty_folio of each table, and took a function of its own for want of ->set_page_dirty."""
    tables = [table(90, "cut loan", "cut lend"), *(table(number, "reap", "cut lend") for number in range(10))]
    (one,) = gained_entries(tables, STEPS)
    code = "const struct hay_operations {} = {{ .reap = f, {} }};\n"
    texts = [("a.c", code.format("o", "").encode()), ("b.c", code.format("p", ".loan = g").encode())]

    assert ("lend", "cut", 10, 10) == (one.member, one.beside, one.shown, one.of)
    assert ["o"] == [left.function for left in without_gained([one], read_code(texts, frozenset()), STEPS)]


def test_who_is_left_out_shows_nothing():
    """A replay would be told what its own example shows."""
    assert () == gained_entries([HAD, *GOT, *NOT], STEPS, {"fs/a0"})


@pytest.mark.parametrize(
    ("entries", "lines"),
    [
        (".rake = f,\n\t.cut = f,", [3]),
        (".rake = f,", []),
        (".cut = f,\n\t.lend = f,", []),
    ],
    ids=["like them", "another sort", "has one"],
)
def test_tables_like_those_without_it_are_told(entries, lines):
    """Tables of all sorts would be told, or those that have it."""
    code = f"int f(void);\nconst struct hay_operations o = {{\n\t{entries}\n}};\n".encode()

    left = list(
        without_gained(gained_entries([HAD, *GOT, *NOT], STEPS), read_code([("a.c", code)], frozenset()), STEPS)
    )

    assert lines == [one.line for one in left]
    assert {("->lend", "o")} >= {(one.evolution, one.function) for one in left}
    assert all("10 of 10 tables with .cut" in one.reason and ".lend = hay_lend" in one.reason for one in left)
