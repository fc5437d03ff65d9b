"""Entries of tables that go: what was NULL, and what all tables of the tree lost."""

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Declared, Function, Macro, Member, Method
from cocci_gen.port.changes.evolutions import FunctionGone, MacroGone, MethodGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.tables.lost_entries import lost_entry_rules, null_rules
from cocci_gen.port.texts.trees import of_texts

GONE = FunctionGone(Function("never_digs", "int", ("struct plot *plot",), "include/linux/dig.h", 1), ())
STAYS = {"rake": "generic_rake"}
FLAGS = Member("spade_operations", "flags", "unsigned int", "include/linux/dig.h", 9)


def declared(path):
    """What the header of the tables declares: one member that is no method."""
    return Declared(members={("spade_operations", "flags"): [FLAGS]} if path == "include/linux/dig.h" else {})


def table(number, group="fs/a", **new):
    """A table that named the function, and has these entries by now."""
    return Table(f"{group}{number}/a.c", "ops", "spade_operations", {"dig": "never_digs", **STAYS}, new)


def without_entry(*more):
    """Three tables that have no entry any more, and some others."""
    return [*(table(number, **STAYS) for number in range(3)), *more]


def test_an_entry_that_all_tables_lost_goes():
    """A module would keep the name of a function that is not there, and not build."""
    (rule,) = lost_entry_rules([GONE], without_entry(), declared)

    assert " struct spade_operations table = {\n- .dig = never_digs,\n };" in rule.text
    assert (3, 3, 3) == (rule.ground.shown, rule.ground.of, rule.ground.groups)


def test_a_store_of_what_all_tables_lost_becomes_null(workshop):
    """A copy of another table would get back what it had, if the store went."""
    code = b"int f(struct spade_operations *ops)\n{\n\t*ops = *first;\n\tops->dig = %s;\n\treturn 0;\n}\n"
    ported = apply_rules(
        list(lost_entry_rules([GONE], without_entry(), declared)), {"a.c": code % b"never_digs"}, workshop.runner
    )

    assert code % b"NULL" == ported.texts["a.c"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(table(4, dig="other_digs", **STAYS), id="one names another function"),
        pytest.param(table(4, hoe="other_hoes", **STAYS), id="one has a method more"),
        pytest.param(table(4, dig_deep="other_digs", **STAYS), id="one has a method more of nearly that name"),
    ],
)
def test_one_table_with_something_in_its_place_makes_no_rule(other):
    """The entry would go silently where the code needs what took its place."""
    assert [] == list(lost_entry_rules([GONE], without_entry(other), declared))


def test_a_value_beside_takes_no_place():
    """Whoever got a flag at that time would keep the tree from showing what became of the entry."""
    flagged = [table(number, flags="DEEP", **STAYS) for number in range(4, 8)]

    assert 1 == len(list(lost_entry_rules([GONE], without_entry(*flagged), declared)))
    assert [] == list(lost_entry_rules([GONE], flagged, declared))
    assert [] == list(lost_entry_rules([GONE], without_entry(*flagged), lambda path: Declared()))


def test_a_method_that_only_changed_its_name_takes_no_place():
    """Whoever renames two things at a time would keep the tree from showing what became of the third."""
    other = Table(
        "fs/b/b.c", "ops", "spade_operations", {"dig": "never_digs", "rake": "b_rake"}, {"rake_folio": "b_rake"}
    )

    assert 1 == len(list(lost_entry_rules([GONE], without_entry(other), declared)))


def test_too_few_tables_or_a_method_that_went_make_no_rule():
    """Two file systems of one author, or a method without successor, would drop what a person has to carry over."""
    method = Method("spade_operations", Prototype("dig", "int", (), "", 1, 1, "", ()), "include/linux/dig.h")

    assert [] == list(lost_entry_rules([GONE], without_entry()[:2], declared))
    assert [] == list(lost_entry_rules([GONE], without_entry(), declared, ("fs/a0",)))
    assert [] == list(lost_entry_rules([GONE, MethodGone(method)], without_entry(), declared))


def null_rule(header):
    """The rules for a macro of a header."""
    old = of_texts("old", {"include/linux/dig.h": header})
    gone = MacroGone(Macro("no_dig", -1, "include/linux/dig.h", 1))
    return list(null_rules([gone], old, declarations_of(old)))


def test_a_macro_that_was_null_goes_from_tables_and_is_null_elsewhere(workshop):
    """Drivers name such a macro in a table more often than anything else, and each would be left to a person."""
    rules = null_rule(b"#define no_dig NULL\n")
    code = b"static struct spade a = {\n%s\t.rake = rake,\n};\nint f(struct spade *s)\n{\n\treturn s->dig == %s;\n}\n"
    ported = apply_rules(rules, {"a.c": code % (b"\t.dig = no_dig,\n", b"no_dig")}, workshop.runner)

    assert code % (b"", b"NULL") == ported.texts["a.c"]


@pytest.mark.parametrize(
    "header",
    [
        b"#define no_dig deep_dig\n",
        b"#ifdef CONFIG_DIG\n#define no_dig NULL\n#endif\n",
        b"#ifdef CONFIG_DIG\n#define no_dig NULL\n#else\n#define no_dig deep_dig\n#endif\n",
        b"#ifdef CONFIG_DIG\nint no_dig(int depth);\n#else\n#define no_dig NULL\n#endif\n",
    ],
)
def test_a_macro_that_may_have_been_something_else_is_left(header):
    """What is NULL for some configurations alone would be taken from the tables of all others."""
    assert [] == null_rule(header)
