"""Helpers that went, and what the old headers say that they did."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.rules import Declarations
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.members.unfolded import unfolded_rules
from cocci_gen.port.texts.trees import of_texts

STAYS = b"""
struct row;
int row_cut(struct row *row);
void row_bind(struct row *row, int knots, unsigned int flags);
#define row_of(hay)	((struct row *)(hay))
#define TIGHT	4
"""
GOES = b"""
/* Cuts a row; it may grow again. */
static inline int cut_row(struct row *row)
{
	return row_cut(row);
}

static inline void tie_hay(struct hay *hay, int knots)
{
	/* as it always was */
	row_bind(row_of(hay), knots, TIGHT);
}

#define hay_cut(h)	(row_cut((h)))
#define hay_twice(h)	row_bind(h, row_cut(h), 0)
"""
HEAD = b"#ifndef _LINUX_ROW_H\n#define _LINUX_ROW_H\n#ifdef __KERNEL__\n"
TAIL = b"#endif\n#endif\n"


def rules(before=GOES, stays=STAYS, now=STAYS):
    """The rules for a header that had helpers and has none of them by now."""
    text = HEAD + stays + before + TAIL
    sides = [read_headers([("row.h", one)]) for one in (text, HEAD + now + TAIL)]
    old = of_texts("old", {"row.h": text})
    return list(unfolded_rules(compare(*sides, (), ()), old, declarations_of(old)))


def test_a_helper_that_went_is_what_it_was(workshop):
    """Where the tree shows nothing, or not enough, each call would be left to a person who reads the old header."""
    made = rules()
    code = "int f(struct row *r, struct hay *h)\n{\n\tint n = %s;\n\n\tif (%s)\n\t\t%s;\n\t%s;\n\t%s;\n\treturn n;\n}\n"
    old = ("cut_row(r)", "hay_cut(h->row)", "tie_hay(h, n++)", "hay_twice(h->row)", "hay_twice(next(h))")
    new = (
        "row_cut(r)",
        "row_cut(h->row)",
        "row_bind(row_of(h), n++, TIGHT)",
        "row_bind(h->row, row_cut(h->row), 0)",
        old[4],
    )
    ported = apply_rules(made, {"a.c": (code % old).encode()}, workshop.runner)

    assert code % new == ported.texts["a.c"].decode()
    assert {"cut_row()", "hay_cut", "hay_twice", "tie_hay()"} == {one.evolution for one in made}
    assert {Declarations()} == {one.ground for one in made}
    assert () == ported.refused


@pytest.mark.parametrize(
    "given",
    [
        {"before": b"static inline long cut(struct row *row)\n{\n\treturn row_cut(row);\n}\n"},
        {"before": b"static inline void bind(struct row *row, char n)\n{\n\trow_bind(row, n, 0);\n}\n"},
        {"before": b"static inline void bind(struct row *row, int n)\n{\n\trow_bind(row, n, 0);\n\trow_cut(row);\n}\n"},
        {"before": b"static inline int cut(struct row *row)\n{\n\treturn !row_cut(row);\n}\n"},
        {"before": b"static inline int cut(struct row *row)\n{\n\treturn __row_cut(row);\n}\n"},
        {"before": b"#ifdef CONFIG_ROW\n#define cut(row)\trow_cut(row)\n#endif\n"},
        {"before": b"#define cut(row)\trow_cut(row)\n#undef cut\n#define cut(row)\trow_of(row)\n"},
        {"before": b"#define cut(row, kind)\trow_of_kind(row, struct kind)\n"},
        {"before": b"#define cut(row)\trow_of(typeof(row))\n"},
        {"before": b"#define cut(row...)\trow_cut(row)\n"},
        {
            "before": b"static inline int cut(struct row *row)\n{\n\treturn row_cut(row);\n}\n",
            "now": STAYS.replace(b"row_cut(struct row *row)", b"row_cut(struct row *row, int n)"),
        },
        {
            "before": b"static inline void bind(struct row *row)\n{\n\trow_bind(row, 1, TIGHT);\n}\n",
            "now": STAYS.replace(b"TIGHT", b"LOOSE"),
        },
    ],
    ids=["gives another type", "takes another type", "two calls", "more than the call", "for nobody", "at times", "two ways",
         "a structure", "a type", "any number", "takes more by now", "a name that went"],
)  # fmt: skip
def test_what_is_not_one_call_as_it_was_is_left(given):
    """A value would be converted otherwise, or half of what was done would be dropped in silence."""
    assert [] == rules(**given)
