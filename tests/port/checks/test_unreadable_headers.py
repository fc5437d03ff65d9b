"""Headers of the kernels that end too early."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.checks.unreadable_headers import unreadable_headers
from cocci_gen.port.texts.trees import of_texts

PATH = "include/linux/shed.h"
HEADER = b"#ifndef SHED_H\n#define SHED_H\nstruct shed {\n\tint n;\n};\nint shed_open(struct shed *shed);\n#endif\n"
CUT = HEADER.replace(b"};\n", b"")
MERGED = HEADER.replace(b"\tint n;", b"<<<<<<< HEAD\n\tint n;\n=======\n\tlong n;\n>>>>>>> topic\n\tint m;")
CODE = b"#include <linux/shed.h>\n"


def told(old, new, code=CODE):
    """What is said of a header before and after."""
    kernels = tuple(of_texts(name, {PATH: text}) for name, text in (("old", old), ("new", new)))
    evolutions = compare(read_headers([(PATH, old)]), read_headers([(PATH, new)]), (), ())
    return list(unreadable_headers(kernels, evolutions, {"a.c": code}))


@pytest.mark.parametrize(
    ("old", "new", "start", "end"),
    [
        (HEADER, CUT, f"{PATH} of new does not parse: the brace of line 3", "below is taken to be gone"),
        (CUT, HEADER, f"{PATH} of old does not parse: the brace of line 3", "below is not seen"),
        (HEADER, MERGED, f"{PATH} of new does not parse: line 4 is a mark of a merge", "taken to be gone"),
        (HEADER, HEADER.replace(b"#endif\n", b""), f"{PATH} of new does not parse: the #ifndef of line 1", "gone"),
    ],
)
def test_a_header_that_ends_too_early_is_told(old, new, start, end):
    """A struct that a merge broke was "gone", with all functions below it, and each use of them was left to a person."""
    (said,) = told(old, new)

    assert said.startswith(start)
    assert said.endswith(end)


def test_a_header_that_the_code_only_meets_is_told():
    """What it uses may come by way of another header."""
    assert told(HEADER, CUT.replace(b"int shed_open(struct shed *shed);\n", b""), b"int n;\n")


def test_whole_headers_and_those_that_are_the_same_are_no_news():
    """What reads a header in both kernels the same way compares it rightly."""
    assert [] == told(HEADER, HEADER.replace(b"int n", b"long n"))
    assert [] == told(CUT, CUT)
