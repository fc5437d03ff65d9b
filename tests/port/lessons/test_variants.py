"""Other spellings of what a learned rule changes."""

import pytest

from cocci_gen.port.changes.declared import Member
from cocci_gen.port.changes.evolutions import MemberGone
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.places import bases_of
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.support import LearnedRule
from cocci_gen.port.lessons.variants import with_variants
from cocci_gen.port.texts.terms import HOLE, function_term, replaced, written

DEFINITION = (
    "struct date plot_touch(struct plot *p)\n{\n\tstruct date d = now(p);\n\n\tplot_cut(p, d);\n\treturn d;\n}\n"
)


def variants(old, new, kind="struct date", definition=DEFINITION):
    """A rule as C, `E` for its metavariable -> its variants as C."""

    def side(text):
        term = function_term(f"int f(void) {{ {text}; }}".encode())[2][1]
        known = {("field_identifier", name): ("field_identifier", name, "plot") for name in ("sown", "cut")}
        return replaced(replaced(term, known), {("identifier", "E"): (HOLE, 0)})

    template = Template(side(old), side(new), ())
    rule = LearnedRule(template, Learned(3, 3, 2, (), ()), bases_of(template.left))
    gone = {f"plot.{name}": MemberGone(Member("plot", name, kind, "a.h", 1), alone=True) for name in ("sown", "cut")}
    found = list(with_variants([rule], gone, lambda name: definition))
    assert found[0] == rule
    return [(written(one.template.left), written(one.template.right)) for one in found[1:]]


def test_a_member_of_an_object_follows_as_one_behind_a_pointer():
    """`lock->fl.fl_pid` stayed where `fl->fl_pid` had become `fl->c.flc_pid`."""
    assert [("E0.sown", "E0.c.sowed")] == variants("E->sown", "E->c.sowed")
    assert [("E0->sown", "E0->c.sowed")] == variants("E.sown", "E.c.sowed")


@pytest.mark.parametrize("new", ["plot_sown(E)", "E->c->sowed + E->d", "other->sowed"])
def test_what_reads_otherwise_has_no_such_variant(new):
    """An object would be given to a function that takes a pointer."""
    assert [] == variants("E->sown", new)


def test_a_chain_of_stores_means_the_same_in_every_order():
    """What three file systems wrote the one way round would not be known the other way round."""
    found = variants("E->sown = E->cut = now(E)", "plot_touch(E)")

    assert ("E0->cut = E0->sown = now(E0)", "plot_touch(E0)") in found
    assert ("E0->sown = E0->cut = E1 = now(E0)", "E1 = plot_touch(E0)") in found


def test_a_chain_of_numbers_has_its_order():
    """A number that goes through a narrower member is another number behind it."""
    assert [] == variants("E->sown = E->cut = now(E)", "plot_touch(E)", kind="long")


def test_what_stands_in_the_chain_takes_only_what_is_given_back():
    """A function that returns something else would be stored as the value."""
    other = DEFINITION.replace("return d;", "return before(p);")
    found = variants("E->sown = E->cut = now(E)", "plot_touch(E)", definition=other)

    assert [("E0->cut = E0->sown = now(E0)", "plot_touch(E0)")] == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("copy(E, 8) >= 8", "scopy(E, 8) < 0", [("copy(E0, 8) < 8", "scopy(E0, 8) >= 0")]),
        ("copy(E, 8) == 8", "scopy(E, 8) > 0", [("copy(E0, 8) != 8", "scopy(E0, 8) <= 0")]),
        ("copy(E, 8) + 8", "scopy(E, 8) < 0", []),
        ("copy(E, 8) >= 8", "failed(E)", []),
    ],
)
def test_the_opposite_of_a_comparison_is_the_opposite_of_what_it_became(old, new, found):
    """`assert(strlcpy(d, s, n) < n)` stayed where `if (strlcpy(d, s, n) >= n)` had become `if (strscpy(d, s, n) < 0)`."""
    assert found == variants(old, new)
