"""Members that nobody may set any more, and helpers that say what they do."""

import pytest

from cocci_gen.port.application import apply_rules
from cocci_gen.port.closed_members import closed_rules
from cocci_gen.port.comparison import compare
from cocci_gen.port.header_declarations import read_headers
from cocci_gen.port.trees import of_texts

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
