"""Functions of a method that returned a number and returns nothing by now."""

import pytest

GATE = b"struct gate_operations {\n\t%s (*shut)(struct gate *gate);\n};\n"
HEADERS = {side: {"include/linux/gate.h": GATE % kind} for side, kind in (("old", b"int"), ("new", b"void"))}
CODE = b"""#include <linux/gate.h>

static %b brook_shut(struct gate *gate)
{
%b}

static const struct gate_operations brook_ops = {
	.shut = brook_shut,
};
"""
INNER = b"\tif (!gate) {\n\t\tsay(0);\n\t\treturn%b;\n\t}\n\tif (gate->open)\n\t\treturn%b;\n\tgate_lock(gate);\n\treturn%b;\n"
LABEL = b"\tif (gate)\n\t\tgoto out;\n\tgate_lock(gate);\nout:\n\treturn%b;\n"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"\tgate_lock(gate);\n\treturn 0;\n", b"\tgate_lock(gate);\n"),
        (b"\tif (gate) {\n\t\tgate_lock(gate);\n\t}\n\n\treturn 0;\n", b"\tif (gate) {\n\t\tgate_lock(gate);\n\t}\n"),
        (b"\treturn 0;\n", b""),
        (INNER % (b" 0", b" 0", b" 0"), INNER % (b"", b"", b"")),
        (LABEL % b" 0", LABEL % b""),
    ],
    ids=["at the end", "behind a block", "alone", "several", "behind a label"],
)
def test_zero_is_what_nothing_says(workshop, body, wanted):
    """Each driver has a ->remove() that returned 0: its head changed, the line stayed, and no compiler took it."""
    port = workshop.port({"brook.c": CODE % (b"int", body)}, **HEADERS)

    assert CODE % (b"void", wanted) == port.ported.texts["brook.c"]
    assert () == port.leftovers
    assert () == workshop.port(dict(port.ported.texts), **HEADERS).ported.applied


@pytest.mark.parametrize(
    "body",
    [
        b"\tif (!gate)\n\t\treturn -1;\n\treturn 0;\n",
        b"\treturn gate_lock(gate);\n",
        b"\tif (gate)\n\t\treturn 0;\n\treturn n;\n",
    ],
    ids=["an error", "a call", "a number"],
)
def test_an_error_is_left_to_a_person(workshop, body):
    """What said that something went wrong would be gone without a word."""
    port = workshop.port({"brook.c": CODE % (b"int", body)}, **HEADERS)

    assert CODE % (b"void", body) == port.ported.texts["brook.c"]
    assert [("brook.c", 3)] == [(one.path, one.line) for one in port.leftovers]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"brook_shut(gate);", False),
        (b"if (n) brook_shut(gate);", False),
        (b"return brook_shut(gate);", True),
        (b"n = brook_shut(gate);", True),
    ],
)
def test_who_uses_what_is_returned_no_more_is_told(workshop, line, told):
    """A call beside the table was found by the user's compiler alone."""
    more = b"\nint brook_close(struct gate *gate, int n)\n{\n\t%b\n}\n" % line
    port = workshop.port({"brook.c": CODE % (b"int", b"\tgate_lock(gate);\n\treturn 0;\n") + more}, **HEADERS)

    assert told is any("returns nothing by now" in one.reason for one in port.leftovers)
