"""The guard against rules that delete in silence."""

import pytest

from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.learned import definitions_of, header_definitions
from cocci_gen.port.lessons.losses import losses
from cocci_gen.port.texts.terms import HOLE, RUN, function_term, replaced

HELPERS = {
    "set_time_now": "void set_time_now(struct plot *plot)\n{\n\tset_time(plot, now(plot));\n}",
    "set_time": "void set_time(struct plot *plot, long time)\n{\n\tplot->p_time_sec = time;\n}",
    "put_time": "void put_time(struct plot *plot, long time)\n{\n\tplot->p_time.days = time;\n}",
    "write_time": "void write_time(struct plot *plot, long time)\n{\n\tWRITE_ONCE(plot->p_time.days, time);\n}",
    "look_once": "long look_once(struct plot *plot)\n{\n\treturn READ_ONCE(plot->p_time.days);\n}",
    "begin": "void begin(struct plot *plot, int (*sow)(void), int n)\n{\n\tplot->sow = sow;\n}",
    "set_both": "void set_both(struct plot *p, int day, int hour)\n{\n\tp->p_time.day = day;\n\tp->p_time.hour = hour;\n}",
    "forget": "void forget(struct plot *plot)\n{\n}",
}
CHANGED = {".p_time", "stamp"}


def run_of(text):
    """Statements -> a run, with E0 and E1 as metavariables."""
    body = function_term(f"void f(void)\n{{\n{text}\n}}".encode())
    holes = {("identifier", f"E{number}"): (HOLE, number) for number in range(3)}
    statements = [part for part in body[1:] if isinstance(part, tuple)]
    return replaced((RUN, *statements), holes)


def lost(left, right):
    """What a rule would lose."""
    return losses(Template(run_of(left), run_of(right), ()), CHANGED, lambda name: HELPERS.get(name, ""))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("E0->p_time = now(E0);", "set_time_now(E0);"),
        ("E0->p_time = E1;", "set_time(E0, E1);"),
        ("stamp(E0, E1);", "set_time(E0, E1);"),
        ("E0->p_time = now(E0); mark_dirty(E0);", "set_time_now(E0); mark_dirty(E0);"),
        ("E0->p_time = E1;", "E0->p_days = E1;"),
        ("E0->p_time = E1;", "put_time(E0, E1);"),
        ("E0->p_time = E1;", "write_time(E0, E1);"),
        ("stamp(&E0, E1);", "set_time(&E0, E1);"),
        ("stamp(&E0, E1);", "set_time(E0.plot, E1);"),
        ("stamp(&E0->plot, E1);", "set_time(E0, E1);"),
        ("stamp(&E0, E2); E0.sow = E1;", "begin(&E0, E1, E2);"),
        ("stamp(E0, E1);", "set_time(&E0, E1);"),
        ("E0->p_time.day = E1; E0->p_time.hour = E2;", "set_both(E0, E1, E2);"),
    ],
)
def test_what_went_somewhere_is_no_loss(left, right):
    """Setters, and helpers that call what was called, would be refused."""
    assert () == lost(left, right)


@pytest.mark.parametrize(
    ("left", "right", "what"),
    [
        ("E0->p_time = now(E0); mark_dirty(E0);", "set_time_now(E0);", "the call of mark_dirty()"),
        ("E0->p_time = now(E0);", "", "the call of now()"),
        ("E0->p_time = E1;", "forget(E0);", "a store"),
        ("E0->p_time = E1;", "look_once(E0, E1);", "a store"),
        ("E0->p_time = E2; E1->p_time = E2;", "E0->p_days = E2;", "a store"),
        ("E0->p_other = E1; stamp(E0, E1);", "E0->p_days = E1; set_time(E0, E1);", "a store"),
        ("E0->p_time = E1;", "set_time(E1, E1);", "a store"),
        ("E0->p_other = E1; stamp(E0, E1);", "set_time(E0, E1);", "a store"),
        ("stamp(E0, E1);", "forget(E0);", "what stands for E1"),
        ("stamp(E0, E2); E0->reap = E1;", "begin(E0, E1, E2);", "a store"),
        ("stamp(E0, E2); E0->sow |= E1;", "begin(E0, E1, E2);", "a store"),
        ("stamp(E0, E2); E0->sow = 0;", "begin(E0, E2, E2);", "a store"),
        ("stamp(E0, E1); E2->sow = E1;", "begin(E0, E1, E1);", "a store"),
        ("E0->p_time.day = E1; E0->p_born.hour = E2;", "set_both(E0, E1, E2);", "a store"),
        ("if (E0) stamp(E0, E1);", "set_time(E0, E1);", "the if"),
        ("stamp(E0, E1);", "", "the call of stamp()"),
        ("stamp(E0, E1);", "return set_time(E0, E1);", "what comes behind it"),
        ("stamp(&E0, E1);", "set_time(E0, E1);", "the address of E0"),
        ("return stamp(E0, E1);", "set_time(E0, E1);", "the return"),
    ],
)
def test_what_went_nowhere_is_a_loss(left, right, what):
    """A deletion that the whole tree agrees on is still a deletion: the compiler would reward it."""
    assert what in lost(left, right)


def test_a_helper_of_one_line_hides_no_other():
    """What the helper behind it calls would count as lost."""
    headers = b"static inline void no(void) { }\nstatic inline void say(char *n)\n{\n\tlength(n);\n}\n"

    assert {"no", "say"} == header_definitions([headers]).keys()


def test_what_a_macro_calls_is_called():
    """A call that a helper makes by way of a macro would count as lost, and the rule as one that deletes."""
    headers = (
        b"#define NAME(n) \\\n\tNAME_OF(n, length(n))\nstatic inline void say(char *n)\n{\n\tsay_name(NAME(n));\n}\n"
    )
    definition = definitions_of({}, lambda: header_definitions([headers]))
    rule = Template(run_of("stamp(E0, length(E0));"), run_of("say(E0);"), ())

    assert () == losses(rule, CHANGED, definition)
    assert ("the call of length()",) == losses(rule, CHANGED, lambda name: "")
