"""Functions that take more by now, and what nearly all callers give for it."""

import pytest

from cocci_gen.code.texts.source import file_facts
from cocci_gen.port.calls.constant_arguments import argument_rules
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.generalise import read_function
from cocci_gen.port.texts.instances import Written

OLD = b"int hay_turn(struct hay *hay, int times);\n"
NEW = b"int hay_turn(struct wind *wind, struct hay *hay, int times, unsigned int flags);\n"


def caller(number, old, new):
    """A function of a file system of its own that called hay_turn() otherwise before and after."""
    path = f"fs/a{number}/a.c"
    written = []
    for call in (old, new):
        text = f"static int f{number}(struct plot *plot, struct wind *wind)\n{{\n\treturn {call};\n}}\n".encode()
        (span,) = file_facts(text, ()).functions
        written.append(Written(path, span, text))
    found = read_function(Pair(*written), {}, lambda types, term: None)
    assert found is not None
    return found


def rules(given, new=NEW, known=()):
    """What the callers give around the old arguments, which are others in each of them -> the rules."""
    callers = [
        caller(
            number,
            f"hay_turn(plot->hay, {number})",
            f"hay_turn({first}, plot_hay(plot, {number}), {number} + 1, {last})",
        )
        for number, (first, last) in enumerate(given)
    ]
    changed = compare(read_headers([("hay.h", OLD)]), read_headers([("hay.h", new)]), (), ())
    return list(argument_rules(changed, known, lambda name: callers))


def test_what_everybody_gives_is_given(workshop):
    """No two calls of the tree show one step, and each call would be left to a person."""
    made = rules([("NULL", "WIND_LOW")] * 4 + [("wind", "WIND_LOW")])
    code = "int g(struct hay *h)\n{\n\treturn hay_turn(h, %s);\n}\n"
    ported = apply_rules(made, {"a.c": (code % "2").encode()}, workshop.runner)

    assert (code % "2, WIND_LOW").replace("hay_turn(", "hay_turn(NULL, ") == ported.texts["a.c"].decode()
    assert [(4, 5, 4)] == [(one.ground.shown, one.ground.of, one.ground.groups) for one in made]
    assert ("fs/a4/a.c: f4()",) == made[0].ground.others
    assert () == ported.refused


@pytest.mark.parametrize(
    "given",
    [
        {"given": [("NULL", "0")] * 2},
        {"given": [("NULL", "0")] * 3 + [("wind", "0")]},
        {"given": [("NULL", "0")] * 3 + [("NULL", "1")]},
        {"given": [("wind", "0")] * 4},
        {"given": [("NULL", "0")] * 4, "new": NEW.replace(b"int hay", b"char *hay")},
        {"given": [("NULL", "0")] * 4, "new": NEW.replace(b"struct hay", b"struct straw")},
        {"given": [("NULL", "0")] * 4, "known": ("hay_turn()",)},
    ],
    ids=["too few", "not enough agree", "another constant", "what they have", "returns another type", "takes another type",
         "told already"],
)  # fmt: skip
def test_what_not_enough_give_is_left(given):
    """A lock would be taken, or not, as three callers of the tree happen to need it."""
    assert [] == rules(**given)
