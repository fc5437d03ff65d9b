"""Functions and macros that take less by now, and what nearly all callers dropped."""

import pytest

from cocci_gen.code.texts.source import file_facts
from cocci_gen.port.calls.lost_arguments import lost_argument_rules
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.generalise import read_function
from cocci_gen.port.texts.instances import Written

MACRO = b"#define hay_turn(owner, hay)\t__hay_turn(owner, hay)\n"
FUNCTION = b"int hay_turn(int how, struct hay *hay);\n"
NEW = b"int hay_turn(struct hay *hay);\n"
DROPPED = ("hay_turn(THIS_FARM, plot->hay)", "hay_turn(plot->hay)")
AWAY = ("hay_turn(THIS_FARM, plot->hay)", "hay_lift(&plot->stack)")


def caller(number, old, new):
    """A function of a file system of its own with these calls before and after."""
    path = f"fs/a{number}/a.c"
    written = []
    for call in (old, new):
        text = f"static int f{number}(struct plot *plot)\n{{\n\treturn {call};\n}}\n".encode()
        (span,) = file_facts(text, ()).functions
        written.append(Written(path, span, text))
    found = read_function(Pair(*written), {}, lambda types, term: None)
    assert found is not None
    return found


def rules(calls, old=MACRO, new=NEW, known=()):
    """The calls of some functions before and after -> the rules."""
    callers = [caller(number, *some) for number, some in enumerate(calls)]
    changed = compare(read_headers([("hay.h", old)]), read_headers([("hay.h", new)]), (), ())
    return list(lost_argument_rules(changed, known, lambda name: callers))


@pytest.mark.parametrize("old", [MACRO, FUNCTION], ids=["a macro", "a function"])
def test_what_all_who_still_call_it_dropped_is_dropped(workshop, old):
    """Most of the tree went on to something else, and each call of a driver would be left to a person."""
    made = rules([DROPPED] * 3 + [AWAY] * 9, old)
    code = "int g(struct hay *h)\n{\n\treturn hay_turn(%sh) + hay_turn(other, h);\n}\n"
    ported = apply_rules(made, {"a.c": (code % "THIS_FARM, ").encode()}, workshop.runner)

    assert code % "" == ported.texts["a.c"].decode()
    assert [(3, 3, 3)] == [(one.ground.shown, one.ground.of, one.ground.groups) for one in made]
    assert () == ported.refused


@pytest.mark.parametrize(
    "calls",
    [
        [DROPPED] * 2 + [AWAY] * 9,
        [DROPPED] * 3 + [("hay_turn(THIS_FARM, plot->hay)", "hay_turn(plot->straw)")] * 2,
        [("hay_turn(plot->farm, plot->hay)", "hay_turn(plot->hay)")] * 5,
        [("hay_turn(farm_of(plot), plot->hay)", "hay_turn(plot->hay)")] * 5,
        [("hay_turn(NULL, NULL)", "hay_turn(NULL)")] * 5,
        [("hay_turn(THIS_FARM, plot->hay)", "hay_turn(plot->hay) + hay_turn(plot->hay)")] * 5,
    ],
    ids=["too few", "no agreement", "no constant", "a call", "either", "another call came"],
)
def test_what_they_do_not_agree_on_stays(calls):
    """What another caller gave would be lost without a word."""
    assert [] == rules(calls)


def test_what_changed_otherwise_or_is_told_already_makes_no_rule():
    """Two rules for one call, or one for a function that returns something else."""
    assert [] == rules([DROPPED] * 5, known=("hay_turn()",))
    assert [] == rules([DROPPED] * 5, FUNCTION, b"struct hay *hay_turn(struct hay *hay);\n")
    assert [] == rules([DROPPED] * 5, FUNCTION, b"int hay_turn(struct hay *hay, ...);\n")
