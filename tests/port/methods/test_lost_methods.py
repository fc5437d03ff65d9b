"""Methods that went beside another one that does their work."""

import json

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Declared, Member, Method
from cocci_gen.port.changes.evolutions import MethodGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.methods.lost_method_rules import lost_method_rules
from cocci_gen.port.methods.lost_methods import lost_methods
from cocci_gen.port.store import dumped, loaded
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

HEADER = "include/linux/dig.h"
GONE = MethodGone(Method("spade_operations", Prototype("dig", "int", (), "", 1, 1, "", ()), HEADER))
FLAGS = Member("spade_operations", "flags", "unsigned int", HEADER, 9)


def declared(path):
    """What the header of the tables declares: one member that is no method."""
    return Declared(members={("spade_operations", "flags"): [FLAGS]} if path == HEADER else {})


def table(number, old, new):
    """A table of a folder of its own, with these methods before (also ->dig) and by now."""
    before = {name: f"a_{name}" for name in ("dig", *old.split())}
    return Table(f"fs/a{number}/a.c", "ops", "spade_operations", before, {name: f"a_{name}" for name in new.split()})


#: Those that had none got ->dig_all; those that had it lost ->dig alone.
GOT = [table(number, "rake", "rake dig_all") for number in range(3)]
HAD = [table(number, "rake dig_all", "rake dig_all") for number in range(3, 6)]


def found(tables, excluded=()):
    """The methods beside which ->dig is needed no more."""
    return [one.beside for one in lost_methods([GONE], tables, declared, excluded)]


def test_what_stood_beside_the_successor_goes():
    """The entry would stay, and the module would not build though nothing is to be done."""
    (one,) = lost_methods([GONE], [*GOT, *HAD], declared)

    assert (("dig_all",), 3, 3) == (one.beside, one.ground.shown, one.ground.of)
    assert one == loaded(json.loads(json.dumps(dumped(one))))


@pytest.mark.parametrize(
    ("tables", "wanted"),
    [
        pytest.param(HAD, [], id="nobody shows which one does the work"),
        pytest.param(GOT, [], id="nobody had both"),
        pytest.param([*GOT, *HAD[:2]], [], id="too few had both"),
        pytest.param([*GOT, *HAD, *(table(n, "rake", "rake") for n in (6, 7))], [], id="some do without either"),
        pytest.param(
            [*(table(n, "rake", "rake hoe") for n in range(3)), *(table(n, "hoe", "hoe") for n in range(3, 6))],
            [], id="what came is about something else",
        ),
        pytest.param([*GOT, *HAD, table(6, "dig_all", "dig_all flags")], [("dig_all",)], id="a value came beside"),
        pytest.param([*GOT, *HAD, table(6, "dig_all", "dig_all hoe")], [], id="a third method came, which nobody had"),
        pytest.param(
            [*GOT, *(table(n, "dig_all", "dig_all hoe") for n in range(3, 6)),
             *(table(n, "dig_all hoe", "dig_all hoe") for n in range(6, 9))],
            [("dig_all", "hoe")], id="a third method came, for those that had none",
        ),
    ],
)  # fmt: skip
def test_what_has_to_stand_beside(tables, wanted):
    """An entry would go silently where something has to take its place."""
    assert wanted == found(tables)


def test_the_folders_that_are_left_out_show_nothing():
    """A replay would learn from what it is to find."""
    assert [] == found([*GOT, *HAD], ("fs/a4",))


CODE = b"""\
static int elm_dig(struct plot *plot);

/* Digs one row. */
static int elm_dig(struct plot *plot)
{
	return elm_turn(plot);
}

static const struct spade_operations elm_ops = {
	.dig = elm_dig,
	.rake = elm_rake,
	.dig_all = elm_dig_all,
};
"""
ALONE = b"\nstatic const struct spade_operations elm_small_ops = {\n\t.dig = elm_dig,\n};\n"


def ported(workshop, text):
    """A file after the rules of three tables of each sort."""
    code = read_code([("elm.c", text)], frozenset({"dig"}))
    rules = list(lost_method_rules(lost_methods([GONE], [*GOT, *HAD], declared), code))
    result = apply_rules(rules, dict(of_texts("m", {"elm.c": text}).texts(["elm.c"])), workshop.runner)
    assert () == result.refused
    return result.texts["elm.c"], rules


def test_an_entry_goes_with_its_function(workshop):
    """The compiler would warn of a function that nobody calls."""
    text, (rule,) = ported(workshop, CODE)

    assert b"elm_dig(" not in text
    assert b"\t.rake = elm_rake,\n\t.dig_all = elm_dig_all,\n" in text
    assert ".dig = elm_dig goes beside .dig_all, and elm_dig() with it, which nothing else names" == rule.title


def test_a_function_that_is_named_elsewhere_stays(workshop):
    """A table that still needs its method would lose it."""
    text, (rule,) = ported(workshop, CODE + ALONE)

    assert CODE.replace(b"\t.dig = elm_dig,\n", b"") + ALONE == text
    assert ".dig = elm_dig goes beside .dig_all" == rule.title
