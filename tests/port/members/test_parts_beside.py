"""Parts of members of which a function says nothing."""

import pytest

from cocci_gen.port.changes.declared import Member
from cocci_gen.port.changes.evolutions import MemberGone
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.support import LearnedRule
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.members.parts_beside import without_halves
from cocci_gen.port.texts.terms import function_term, replaced
from cocci_gen.port.texts.trees import of_texts

HEADER = b"""
struct plot;
struct date plot_get_sown(const struct plot *plot);
struct date plot_set_sown(struct plot *plot, long day, long hour);
struct date plot_set_sown_to(struct plot *plot, struct date date);
"""


def expression(text):
    """An expression as a term, its member known to be that of a plot."""
    body = function_term(f"int f(void) {{ {text}; }}".encode())
    assert body is not None
    return replaced(body, {("field_identifier", "p_sown"): ("field_identifier", "p_sown", "plot")})[2][1]


def rule(old, new):
    """What the tree agrees on."""
    return LearnedRule(Template(expression(old), expression(new), ()), Learned(3, 3, 3, (), ()), ())


FAMILY = (
    rule("use(E->p_sown.d_day)", "use(plot_get_sown(E))"),
    rule("use(E->p_sown.d_hour)", "use(plot_set_sown(E, 1, 2))"),
)


@pytest.mark.parametrize(
    ("old", "new", "stays"),
    [
        ("E->p_sown.d_day = V", "plot_set_sown(E, V, 0)", False),
        ("E->p_sown.d_hour = V", "plot_set_sown(E, 0, V)", False),
        ("E->p_sown.d_day = V", "plot_set_sown(E, V, hour_of(E))", True),
        ("E->p_sown = V", "plot_set_sown(E, V, 0)", True),
        ("E->other.d_day = V", "plot_set_sown(E, V, 0)", True),
    ],
    ids=["the first", "the second", "the other is kept", "the whole", "of something else"],
)
def test_a_store_to_a_part_alone_gives_no_constant_for_the_other(old, new, stays):
    """`d_hour = h;` and then `d_day = d;` would end with the hour 0, and the compiler would be content."""
    gone = [MemberGone(Member("plot", "p_sown", "struct date", "a.h", 1), alone=True)]
    learned = [*FAMILY, rule(old, new)]

    assert learned[: 3 if stays else 2] == without_halves(
        gone, learned, declarations_of(of_texts("new", {"a.h": HEADER}))
    )
