"""Members that went behind functions, set by their parts, in chains, from one another, and read."""

import pytest

from cocci_gen.code.texts.source import FunctionSpan
from cocci_gen.port.changes.declared import Member
from cocci_gen.port.changes.evolutions import MemberGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.generalise import Template, read_function
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.lessons.support import LearnedRule
from cocci_gen.port.members.accessor_rules import accessor_rules, chain_rules
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.members.nested_setters import nested_rules
from cocci_gen.port.texts.instances import Written
from cocci_gen.port.texts.terms import function_term, parts_in, replaced
from cocci_gen.port.texts.trees import of_texts

HEADER = b"""
struct plot;
struct date plot_get_sown(const struct plot *plot);
long plot_get_sown_day(const struct plot *plot);
long plot_get_sown_hour(const struct plot *plot);
struct date plot_set_sown(struct plot *plot, long day, long hour);
struct date plot_set_sown_to(struct plot *plot, struct date date);
struct date plot_get_cut(const struct plot *plot);
struct date plot_touch_cut(struct plot *plot);
long plot_get_cut_day(const struct plot *plot);
long plot_get_cut_hour(const struct plot *plot);
struct date plot_set_cut(struct plot *plot, long day, long hour);
struct date plot_set_cut_to(struct plot *plot, struct date date);
"""
#: One part of a member set, the other kept.
ALONE, LATER = "plot_set_cut(p, %s, plot_get_cut_hour(p));", "plot_set_cut(p, plot_get_cut_day(p), %s);"
#: What the tree shows, of one of the two members alone.
SHOWN = (
    ("E->p_sown = E2->p_sown;", "plot_set_sown_to(E, plot_get_sown(E2));"),
    ("x(E->p_sown.d_day);", "x(plot_get_sown_day(E));"),
    ("x(E->p_sown.d_hour);", "x(plot_set_sown(E, 1, 2));"),
)


def body(text):
    """A statement as a term, its members known to be those of a plot."""
    term = function_term(f"int f(void) {{ {text} }}".encode())
    fields = {("field_identifier", name): ("field_identifier", name, "plot") for name in ("p_sown", "p_cut")}
    return replaced(term, fields)


@pytest.fixture(scope="module")
def members():
    """Both members, what the tree shows of one of them, and the new headers."""
    gone = [MemberGone(Member("plot", name, "struct date", "a.h", 1), alone=True) for name in ("p_sown", "p_cut")]
    ground = Learned(3, 3, 3, (), ())
    shown = [LearnedRule(Template(body(old), body(new), ()), ground, ()) for old, new in SHOWN]
    return gone, shown, declarations_of(of_texts("new", {"a.h": HEADER}))


@pytest.fixture(scope="module")
def rules(members):
    """The rules for both members."""
    return [*nested_rules(*members), *chain_rules(*members), *accessor_rules(*members)]


#: Statements about two plots, and what the rules make of them.
CASES = (
    (["p->p_cut.d_day = a;", "p->p_cut.d_hour = b;"], "plot_set_cut(p, a, b);"),
    (["p->p_cut.d_hour = b;", "p->p_cut.d_day = a;"], "plot_set_cut(p, a, b);"),
    (["p->p_cut.d_day = a;", "other();", "p->p_cut.d_hour = 0;"], "plot_set_cut(p, a, 0); other();"),
    (["p->p_cut.d_day = a;"], "plot_set_cut(p, a, plot_get_cut_hour(p));"),
    (
        [
            "long b = 1;",
            "p->p_cut.d_day = a;",
            "p->p_sown.d_day = a;",
            "p->p_cut.d_hour = b;",
            "p->p_sown.d_hour = b;",
        ],
        "long b = 1; plot_set_cut(p, a, b); plot_set_sown(p, a, b);",
    ),
    (
        ["long b;", "p->p_cut.d_day = a;", "b = 2;", "p->p_cut.d_hour = b;"],
        "long b; plot_set_cut(p, a, plot_get_cut_hour(p)); b = 2; plot_set_cut(p, plot_get_cut_day(p), b);",
    ),
    (
        ["long b;", "p->p_cut.d_day = a;", "ask(&b);", "p->p_cut.d_hour = b;"],
        "long b; plot_set_cut(p, a, plot_get_cut_hour(p)); ask(&b); plot_set_cut(p, plot_get_cut_day(p), b);",
    ),
    (
        [
            "p->p_cut.d_day = turned(raw->day);",
            "p->p_sown.d_day = turned(raw->sown);",
            "p->p_cut.d_hour = turned(raw->hour);",
            "p->p_sown.d_hour = turned_for(q, raw->l);",
        ],
        "plot_set_cut(p, turned(raw->day), turned(raw->hour)); plot_set_sown(p, turned(raw->sown), turned_for(q, raw->l));",
    ),
    (
        ["p->p_cut.d_day = turned(raw.day);", "p->p_sown.d_day = 0;", "p->p_cut.d_hour = raw.hour;"],
        "plot_set_cut(p, turned(raw.day), raw.hour); plot_set_sown(p, 0, plot_get_sown_hour(p));",
    ),
    *(
        (
            ["p->p_cut.d_day = turned(raw->day);", between, "p->p_cut.d_hour = turned(raw->hour);"],
            f"{ALONE % 'turned(raw->day)'} {between} {LATER % 'turned(raw->hour)'}",
        )
        for between in ("fill(raw);", "raw->hour++;", "raw = next;", "show(p);", "ask(&raw->hour);")
    ),
    (
        ["p->p_cut.d_day = next(raw);", "p->p_sown = date;", "p->p_cut.d_hour = next(raw);"],
        f"{ALONE % 'next(raw)'} plot_set_sown_to(p, date); {LATER % 'next(raw)'}",
    ),
    (["p->p_cut = date;"], "plot_set_cut_to(p, date);"),
    (["p->p_cut = p->p_sown = date;"], "plot_set_cut_to(p, plot_set_sown_to(p, date));"),
    (
        [
            "p->p_cut.d_day = q->p_sown.d_day;",
            "q->p_cut.d_day = q->p_sown.d_day;",
            "p->p_cut.d_hour = q->p_sown.d_hour;",
            "q->p_cut.d_hour = q->p_sown.d_hour;",
        ],
        "plot_set_cut_to(p, plot_get_sown(q)); plot_set_cut_to(q, plot_get_sown(q));",
    ),
    (
        ["p->p_cut = p->p_sown = q->born = date;"],
        "q->born = date; plot_set_cut_to(p, plot_set_sown_to(p, q->born));",
    ),
    (["p->p_cut = q->p_sown = date;"], "plot_set_cut_to(p, plot_set_sown_to(q, date));"),
    (["x(p->p_cut.d_day, q->p_cut);"], "x(plot_get_cut_day(p), plot_get_cut(q));"),
    (
        ["p->p_cut.d_day = p->p_sown.d_day = a();", "p->p_cut.d_hour = p->p_sown.d_hour = 0;"],
        "plot_set_cut_to(p, plot_set_sown(p, a(), 0));",
    ),
    (
        ["p->p_cut.d_day = q->p_sown.d_day;", "other();", "p->p_cut.d_hour = q->p_sown.d_hour;"],
        "plot_set_cut_to(p, plot_get_sown(q)); other();",
    ),
    (["old(&p->p_cut);"], "old(&p->p_cut);"),
    (["p->p_cut.d_day += 2;"], "p->p_cut.d_day += 2;"),
    (  # not made before the ways that never reach it
        ["p->p_cut.d_day = a;", "if (bad)", "\treturn;", "p->p_cut.d_hour = 0;"],
        f"{ALONE % 'a'} if (bad) return; {LATER % '0'}",
    ),
)


@pytest.fixture(scope="module")
def changed(workshop, rules):
    """Each case's statements after all rules; as functions of one file, for spatch starts once per rule and file."""
    head = "void f%d(struct plot *p, struct plot *q)\n{\n"
    functions = (head % number + "".join(f"\t{line}\n" for line in lines) for number, (lines, _) in enumerate(CASES))
    ported = apply_rules(rules, {"a.c": "}\n\n".join((*functions, "")).encode()}, workshop.runner)
    assert () == ported.refused
    after = ported.texts["a.c"].decode().split("}\n\n")
    return [" ".join(text.removeprefix(head % number).split()) for number, text in enumerate(after)]


@pytest.mark.parametrize(("number", "wanted"), list(enumerate(wanted for _, wanted in CASES)))
def test_whatever_is_stored_or_read_goes_through_the_functions(changed, number, wanted):
    """Time stamps that are set from a disk would all be left to a person, or one of two stores be lost."""
    assert wanted == changed[number]


@pytest.mark.parametrize(
    ("more", "given"),
    [("plot_set_cut_for", "plot_set_cut_to(p, date);"), ("plot_set_cut_to_day", "plot_set_cut_to(p, date);")],
)
def test_of_several_that_set_it_that_counts_which_is_named_as_the_other_members(workshop, members, more, given):
    """7.2 got inode_set_ctime_deleg() beside inode_set_ctime_to_ts(): each store to i_ctime would stay, and half of a chain."""
    gone, shown, _ = members
    header = HEADER + f"struct date {more}(struct plot *plot, struct date date);\n".encode()
    declared = declarations_of(of_texts("new", {"a.h": header}))
    text = b"void f(struct plot *p)\n{\n\tp->p_cut = date;\n}\n"

    assert (
        given.encode()
        in apply_rules(accessor_rules(gone, shown, declared), {"a.c": text}, workshop.runner).texts["a.c"]
    )


def test_of_several_that_set_it_nobody_knows_which(workshop, members):
    """One that does something else beside would be called everywhere."""
    gone, shown, _ = members
    header = HEADER.replace(b"plot_set_cut_to", b"plot_set_cut_on")
    header += b"struct date plot_set_cut_for(struct plot *plot, struct date date);\n"
    declared = declarations_of(of_texts("new", {"a.h": header}))
    text = b"void f(struct plot *p)\n{\n\tp->p_cut = date;\n}\n"

    assert text == apply_rules(accessor_rules(gone, shown, declared), {"a.c": text}, workshop.runner).texts["a.c"]


def test_no_rule_without_an_example(rules):
    """Functions that only look like it would be called for members that nobody put behind functions."""
    gone = [MemberGone(Member("plot", "p_cut", "struct date", "a.h", 1), alone=True)]

    assert rules
    assert [] == accessor_rules(gone, [], declarations_of(of_texts("new", {"a.h": HEADER})))


def example(number, after, before=b"p->p_cut.d_day = 1;"):
    """A function of the tree that sets the day of a plot, and what became of it."""
    head = b"void f(struct plot *p)\n{\n\t%s\n}\n"
    texts = (head % before, head % after)
    span = FunctionSpan("f", 0, 1, 1, 3, static=False, inline=False, whole=True)
    sides = [Written(f"fs/a{number}/a.c", span, text) for text in texts]
    found = read_function(Pair(*sides), {"p_cut": {"plot"}}, lambda types, term: types.get(term[1]))
    assert found is not None
    return found, parts_in(found.old)


@pytest.mark.parametrize(
    ("news", "wanted"),
    [
        ([b"plot_set_cut(p, 1, 0);"] * 3, "plot_set_cut(p, a, 0);"),
        ([b"plot_set_cut(p, 1, 0);"] * 2, "plot_set_cut(p, a, plot_get_cut_hour(p));"),
        (
            [b"plot_set_cut(p, 1, 0);", b"plot_set_cut(p, 1, plot_get_cut_hour(p));"] * 2,
            "plot_set_cut(p, a, plot_get_cut_hour(p));",
        ),
    ],
    ids=["three agree", "two are none", "half keep it"],
)
def test_a_part_that_nobody_names_gets_what_the_tree_gives_it(workshop, members, news, wanted):
    """A new inode would keep the nanoseconds of an old one; or the number of two functions would be everybody's."""
    rules = accessor_rules(*members, [example(number, new) for number, new in enumerate(news)])
    head = b"void f(struct plot *p, struct plot *q)\n{\n\t"
    text = apply_rules(rules, {"a.c": head + b"p->p_cut.d_day = a;\n}\n"}, workshop.runner).texts["a.c"]

    assert wanted == " ".join(text.removeprefix(head).removesuffix(b"}\n").decode().split())


@pytest.mark.parametrize(("others", "wanted"), [(b"p->p_cut.d_day += 1;", "0"), (b"p->p_cut.d_day = 1;", "get")])
def test_who_moves_a_part_says_nothing_of_who_sets_it(workshop, members, others, wanted):
    """`d_day += 1` keeps the hour, as it has to: it would outvote those who set the day of something new."""
    kept = b"plot_set_cut(p, plot_get_cut_day(p) + 1, plot_get_cut_hour(p));"
    examples = [example(number, b"plot_set_cut(p, 1, 0);") for number in range(3)]
    examples += [example(number, kept, others) for number in range(3, 6)]
    text = b"void f(struct plot *p)\n{\n\tp->p_cut.d_day = a;\n}\n"
    line = apply_rules(accessor_rules(*members, examples), {"a.c": text}, workshop.runner).texts["a.c"]

    given = b"0" if wanted == "0" else b"plot_get_cut_hour(p)"
    assert b"plot_set_cut(p, a, %s);" % given in line


def test_a_part_that_the_function_names_elsewhere_is_kept(workshop, members):
    """The hour that one branch has set would be lost in the next."""
    rules = accessor_rules(*members, [example(number, b"plot_set_cut(p, 1, 0);") for number in range(3)])
    text = b"void f(struct plot *p)\n{\n\tif (a)\n\t\tp->p_cut.d_hour = 3;\n\tp->p_cut.d_day = a;\n}\n"

    assert (
        b"plot_set_cut(p, a, plot_get_cut_hour(p));" in apply_rules(rules, {"a.c": text}, workshop.runner).texts["a.c"]
    )


def test_a_chain_is_taken_apart_before_single_stores(workshop, members):
    """What the tree shows of one store would take the rest of a chain for its value, and a member that went stay in it."""
    shown = PortRule(
        "learned", "plot.p_cut", "", "@r@\nexpression E0, E1, E2;\n@@\n- E0->p_cut.d_day = E1;\n- E0->p_cut.d_hour = E2;\n"
        "+ plot_set_cut(E0, E1, E2);\n", Learned(3, 3, 3, (), ()), (),
    )  # fmt: skip
    rules = [*nested_rules(*members), *chain_rules(*members), shown, *accessor_rules(*members)]
    lines = b"\tp->p_cut.d_day = p->p_sown.d_day = a;\n\tp->p_cut.d_hour = p->p_sown.d_hour = 0;\n"
    text = apply_rules(rules, {"a.c": b"void f(struct plot *p)\n{\n" + lines + b"}\n"}, workshop.runner).texts["a.c"]

    assert b"plot_set_cut_to(p, plot_set_sown(p, a, 0));" in b" ".join(text.split())
