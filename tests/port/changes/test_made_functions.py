"""Functions that macros of headers make of a name."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers

MACROS = b"""#define TESTMARK(uname, lname) \\
static inline int Plot##uname(struct plot *plot) { return test(PL_##lname, &plot->marks); }
#define SETMARK(uname, lname) \\
static inline \\
void SetPlot##uname(struct plot *plot) { set(PL_##lname, &plot->marks); }
#define MARK(uname, lname) TESTMARK(uname, lname) \\
	SETMARK(uname, lname)
#define NAMED(name) #name
#define once(x) do { int x##_seen = 0; } while (0)
"""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (b"MARK(Wet, wet)", {"PlotWet", "SetPlotWet"}),
        (b"TESTMARK(Wet, wet) SETMARK(Dry, dry)", {"PlotWet", "SetPlotDry"}),
        (b"\tSETMARK(Wet, wet)", {"SetPlotWet"}),
        (b"/* MARK(Wet, wet) */", set()),
        (b"MARK(Wet)", set()),
        (b"OTHER(Wet, wet)", set()),
        (b"once(wet)", set()),
        (b"int n = NAMED(wet);", set()),
    ],
    ids=["by others", "two on a line", "behind a tab", "in a comment", "too few", "unknown", "a statement", "a string"],
)
def test_a_line_defines_what_its_macros_paste(line, names):
    """SetPageError() went from Linux 6.12, which no line of its headers says, and port.txt had no word of it."""
    declared = read_headers([("a.h", MACROS), ("b.h", line + b"\n")]).functions

    assert names == set(declared)
    assert all(one.line == 1 and one.path == "b.h" for ones in declared.values() for one in ones)


def test_what_a_macro_made_and_makes_no_more_is_gone():
    """A call would be left alone, and nobody told."""
    old, new = (
        read_headers([("a.h", MACROS + lines)]) for lines in (b"MARK(Wet, wet)\nMARK(Dry, dry)\n", b"MARK(Wet, wet)\n")
    )

    assert {"PlotDry()", "SetPlotDry()"} == {one.id for one in compare(old, new, (), ())}
