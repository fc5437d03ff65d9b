"""Members that nobody may set any more, and helpers that say what they do."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.members.closed_members import closed_rules
from cocci_gen.port.texts.trees import of_texts

OLD = b"struct gate {\n\tunsigned long g_flags;\n};\n"
CLOSED = b"struct gate {\n\tconst unsigned long g_flags;\n\tunsigned long __g_flags;\n};\n"
HELPERS = (
    b"\n"
    b"static inline void gate_open(struct gate *gate,\n"
    b"        unsigned long flags)\n"
    b"{\n"
    b"\tgate_lock(gate);\n"
    b"\tACCESS_PRIVATE(gate, __g_flags) |= flags;\n"
    b"}\n"
    b"\n"
    b"static inline void gate_shut(struct gate *gate, unsigned long flags)\n"
    b"{\n"
    b"\tACCESS_PRIVATE(gate, __g_flags) &= ~flags;\n"
    b"}\n"
    b"\n"
)
CODE = b"void f(struct gate *gate, struct fence *fence)\n{\n\t%s\n}\n"


def rules(helpers):
    """The rules for a header with these helpers."""
    sides = [read_headers([("include/linux/g.h", one)]) for one in (OLD, CLOSED + helpers)]
    new = of_texts("new", {"include/linux/g.h": CLOSED, "include/linux/helpers.h": helpers})
    return list(closed_rules(compare(*sides, (), ()), new))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b"gate->g_flags |= OPEN;", b"gate_open(gate, OPEN);"),
        (b"gate->g_flags &= ~OPEN;", b"gate_shut(gate, OPEN);"),
        (b"gate->g_flags &= ~(OPEN | WIDE);", b"gate_shut(gate, OPEN | WIDE);"),
        (b"gate->g_flags &= OPEN;", b"gate->g_flags &= OPEN;"),
        (b"gate->g_flags = OPEN;", b"gate->g_flags = OPEN;"),
        (b"fence->g_flags &= ~OPEN;", b"fence->g_flags &= ~OPEN;"),
    ],
    ids=["come", "go", "several go", "stay", "stored whole", "another structure"],
)
def test_a_closed_member_is_changed_by_its_helper(workshop, line, wanted):
    """Each driver that clears a flag of a mapping would be left to a person."""
    ported = apply_rules(rules(HELPERS), {"a.c": CODE % line}, workshop.runner)

    assert CODE % wanted == ported.texts["a.c"]
    assert () == ported.refused


@pytest.mark.parametrize(
    "helpers",
    [
        HELPERS + HELPERS.replace(b"gate_", b"gate_soon_"),
        HELPERS.replace(b"|= flags", b"|= 2 * flags").replace(b"&= ~flags", b"&= flags"),
        HELPERS.replace(b"__g_flags) |=", b"__g_mask) |=").replace(b"__g_flags) &=", b"__g_mask) &="),
        HELPERS.replace(b"\tACCESS", b"\tif (gate->g_wide)\n\t\tACCESS"),
        HELPERS.replace(b"\tACCESS", b"\tgate->used = 1;\n\tACCESS"),
    ],
    ids=["two of them", "something else", "another member", "not always", "more than that"],
)
def test_a_helper_that_does_something_else_stands_for_nothing(helpers):
    """What only looks like the old store would be done in its place."""
    assert [] == rules(helpers)


MOD = (
    b"static inline void __gate_swap(struct gate *gate, unsigned long come, unsigned long go)\n"
    b"{\n"
    b"\tgate_begin(gate, (gate->g_flags | come) & ~go);\n"
    b"}\n"
    b"\n"
    b"static inline void gate_swap(struct gate *gate, unsigned long come,\n"
    b"        unsigned long go)\n"
    b"{\n"
    b"\tgate_lock(gate);\n"
    b"\t__gate_swap(gate, come, go);\n"
    b"}\n"
    b"\n"
    b"static inline void gate_begin(struct gate *gate, unsigned long flags)\n"
    b"{\n"
    b"\tACCESS_PRIVATE(gate, __g_flags) = flags;\n"
    b"}\n"
    b"\n"
)
LOCKED = HELPERS.replace(b"long flags)\n{\n\tACCESS", b"long flags)\n{\n\tgate_lock(gate);\n\tACCESS")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (b"gate->g_flags |= WIDE;\n\tgate->g_flags &= ~OPEN;", b"gate_swap(gate, WIDE, OPEN);"),
        (b"gate->g_flags |= WIDE;\n\tgate->g_flags &= ~(OPEN | HIGH);", b"gate_swap(gate, WIDE, OPEN | HIGH);"),
        (
            b"gate->g_flags &= ~(OPEN);\n\tgate->g_flags |= WIDE;",
            b"gate_shut(gate, OPEN);\n\tgate_open(gate, WIDE);",
        ),
    ],
    ids=["one goes", "several go", "the other order, in which a flag of both would stay"],
)
def test_flags_that_come_and_go_are_one_step_where_a_helper_does_both(workshop, lines, wanted):
    """All of the tree takes the lock once, and a module would take it twice; the order decides what becomes of a flag of both."""
    ported = apply_rules(rules(LOCKED + MOD), {"a.c": CODE % lines}, workshop.runner)

    assert CODE % wanted == ported.texts["a.c"]


@pytest.mark.parametrize(
    "helpers",
    [
        HELPERS + MOD,
        LOCKED + MOD.replace(b"| come) & ~go", b"& ~go) | come"),
        LOCKED + MOD.replace(b"\tgate_lock(gate);\n\t__", b"\t__"),
        LOCKED + MOD.replace(b"__g_flags)", b"__g_mask)"),
        LOCKED + MOD.replace(b"\t__gate_swap(", b"\tif (come)\n\t\t__gate_swap("),
        LOCKED + MOD + MOD.replace(b"gate_swap", b"gate_turn"),
    ],
    ids=["no lock for one", "another order", "no lock for both", "another member", "not always", "two of them"],
)
def test_a_helper_that_does_not_do_what_both_do_stands_for_neither(helpers):
    """A lock would be left out, or a flag of both would go where it stayed."""
    assert not any("|= V; " in one.title for one in rules(helpers))


def taught(header, line):
    """A kernel with a header and three functions of its tree that do the same."""
    text = b"#include <linux/g.h>\nint %s(struct gate *gate)\n{\n\t%s;\n\treturn 0;\n}\n"
    trees = ("rowan", "hazel", "maple")
    return {"include/linux/g.h": header} | {f"fs/{one}/{one}.c": text % (one.encode(), line) for one in trees}


def test_two_stores_are_one_step_though_the_tree_shows_the_first_by_itself(workshop):
    """What is learned of a flag that comes would take it away from the flag that goes behind it."""
    module = b"#include <linux/g.h>\n" + CODE % b"gate->g_flags |= WIDE;\n\tgate->g_flags &= ~OPEN;"
    old = taught(OLD, b"gate->g_flags |= TALL")
    new = taught(CLOSED + LOCKED + MOD, b"gate_open(gate, TALL)")

    port = workshop.port({"elm.c": module}, old=old, new=new)

    assert b"\tgate_swap(gate, WIDE, OPEN);\n" in port.ported.texts["elm.c"]
