"""Members that get one value in a chain, and the order in which the tree nests their setters."""

import pytest

from cocci_gen.port.changes.declared import Member
from cocci_gen.port.changes.evolutions import MemberGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.support import LearnedRule
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.members.nested_setters import nested_rules, ordered_rules
from cocci_gen.port.texts.terms import function_term, replaced
from cocci_gen.port.texts.trees import of_texts

WORDS = ("sown", "cut", "fed")
HEADER = "struct plot;\n" + "".join(
    f"struct date plot_get_{one}(const struct plot *plot);\n"
    f"struct date plot_set_{one}(struct plot *plot, long day, long hour);\n"
    f"struct date plot_set_{one}_to(struct plot *plot, struct date date);\n"
    for one in WORDS
)
#: What the tree shows: single stores, and one in another.
SINGLE = (
    ("E->p_sown = V;", "plot_set_sown_to(E, V);"),
    ("E->p_sown.d_day = V; E->p_sown.d_hour = W;", "plot_set_sown(E, V, W);"),
)
NESTED = (
    b"int f(void)\n{\n\tplot_set_fed_to(p->plot, plot_set_cut_to(p->plot,\n\t\tplot_set_sown_to(p->plot, V)));\n}\n"
)


def term(text):
    """Statements as a term, their members known to be those of a plot."""
    found = function_term(f"int f(void) {{ {text} }}".encode())
    return replaced(
        found, {("field_identifier", f"p_{one}"): ("field_identifier", f"p_{one}", "plot") for one in WORDS}
    )


def ported(workshop, lines, texts):
    """Some statements about a plot after the rules that these functions of the tree give."""
    gone = [MemberGone(Member("plot", f"p_{one}", "struct date", "a.h", 1), alone=True) for one in WORDS]
    learned = [LearnedRule(Template(term(old), term(new), ()), Learned(3, 3, 3, (), ()), ()) for old, new in SINGLE]
    told = gone, learned, declarations_of(of_texts("new", {"a.h": HEADER.encode()})), texts
    rules = [*nested_rules(*told), *ordered_rules(*told)]
    body = "".join(f"\t{line}\n" for line in lines)
    text = f"void f(struct plot *p)\n{{\n{body}}}\n"
    result = apply_rules(rules, {"a.c": text.encode()}, workshop.runner)
    assert () == result.refused
    return " ".join(result.texts["a.c"].decode().partition("{")[2].rpartition("}")[0].split())


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (
            [
                "p->p_cut.d_day = p->p_fed.d_day = p->p_sown.d_day = now(p);",
                "p->p_cut.d_hour = 0;",
                "p->p_fed.d_hour = 0;",
                "p->p_sown.d_hour = 0;",
            ],
            "plot_set_fed_to(p, plot_set_cut_to(p, plot_set_sown(p, now(p), 0)));",
        ),
        (
            ["p->p_sown.d_day = p->p_cut.d_day = a;", "p->p_sown.d_hour = 0;", "p->p_cut.d_hour = 0;"],
            "plot_set_cut_to(p, plot_set_sown(p, a, 0));",
        ),
        (["p->p_sown = p->p_cut = p->p_fed = d;"], "plot_set_fed_to(p, plot_set_cut_to(p, plot_set_sown_to(p, d)));"),
        (["p->p_fed = p->p_sown = d;"], "plot_set_fed_to(p, plot_set_sown_to(p, d));"),
        (["p->p_sown = d;"], "p->p_sown = d;"),
    ],
    ids=["three", "two", "three whole ones", "two whole ones", "no chain"],
)
def test_setters_are_nested_as_the_tree_nests_them(workshop, lines, wanted):
    """Whoever reads the patch would find the time stamps in another order than everywhere else."""
    assert wanted == ported(workshop, lines, [NESTED])


def test_what_the_tree_shows_in_no_order_keeps_that_of_the_chain(workshop):
    """An order that nobody has would be made up."""
    parts = ["p->p_sown.d_day = p->p_cut.d_day = a;", "p->p_sown.d_hour = 0;", "p->p_cut.d_hour = 0;"]

    assert "plot_set_sown_to(p, plot_set_cut(p, a, 0));" == ported(workshop, parts, [])
