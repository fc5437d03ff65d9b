"""Marks that went with all that asked for them."""

import pytest

from cocci_gen.code.texts.source import FunctionSpan
from cocci_gen.port.calls.gone_marks import mark_rules, unasked
from cocci_gen.port.changes.evolutions import FunctionGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.texts.instances import Written
from cocci_gen.port.texts.trees import of_texts

PATH = "include/linux/nut.h"
HEADER = """\
#define NUT_MARK(Name, bit)	\\
static inline int Nut##Name(struct nut *nut) { return nut->marks >> bit & 1; }	\\
static inline void SetNut##Name(struct nut *nut) { nut->marks |= 1 << bit; }

NUT_MARK(Ripe, 0)
"""
DECLARED = declarations_of(of_texts("old", {PATH: HEADER.encode()}))
BOTH = ("NutRipe", "SetNutRipe")
CODE = b"void f(struct nut *nut, struct tree *tree, int i)\n{\n%s}\n"


def gone(*names):
    """What went of the header."""
    functions = DECLARED(PATH).functions
    return [FunctionGone(functions[name][0], ()) for name in names]


def pair(number, came=""):
    """A function of the tree that lost the call, and what came."""
    span = FunctionSpan(f"f{number}", 0, 9, 1, 4, static=True, inline=False, whole=True)
    texts = (
        f"void f{number}(struct nut *nut)\n{{\n{one}}}\n".encode()
        for one in ("\tSetNutRipe(nut);\n\tcrack(nut);\n", "\tcrack(nut);\n" + came)
    )
    return Pair(*(Written(f"fs/a{number}/a.c", span, text) for text in texts))


PAIRS = [pair(number) for number in range(3)]


def rules(names=BOTH, pairs=PAIRS, excluded=()):
    """The rules for the marks that went."""
    return list(mark_rules(gone(*names), DECLARED, pairs, excluded))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"\tcrack(nut);\n\tSetNutRipe(nut);\n", b"\tcrack(nut);\n", id="behind a statement"),
        pytest.param(b"\tif (i) {\n\t\tSetNutRipe(tree->nuts[i]);\n\t\ti++;\n\t}\n", b"\tif (i) {\n\t\ti++;\n\t}\n", id="block"),
        pytest.param(b"\tif (i < 0)\n\t\tSetNutRipe(nut);\n\ti++;\n", b"\ti++;\n", id="alone below a test"),
        pytest.param(b"\tif (i) {\n\t\ti++;\n\t} else {\n\t\tSetNutRipe(nut);\n\t}\n", b"\tif (i) {\n\t\ti++;\n\t}\n", id="else"),
        pytest.param(b"\tif (i)\n\t\ti++;\n\telse\n\t\tSetNutRipe(tree->nut);\n", b"\tif (i)\n\t\ti++;\n", id="else, no block"),
        pytest.param(b"\tif (i)\n\t\ti++;\n\telse if (nut)\n\t\tSetNutRipe(nut);\n", b"\tif (i)\n\t\ti++;\n", id="else if"),
        pytest.param(b"\tif (tree->nuts[i])\n\t\ti--;\n\tif (nut->more)\n\t\tSetNutRipe(nut);\n",
                     b"\tif (tree->nuts[i])\n\t\ti--;\n", id="a member is tested"),
        pytest.param(b"fail:\n\tSetNutRipe(nut);\n\ti++;\n", b"fail:\n\ti++;\n", id="behind a label"),
    ],
)  # fmt: skip
def test_a_call_that_does_nothing_any_more_goes(workshop, before, after):
    """Each would be left to a person, who has nothing to decide."""
    assert CODE % after == apply_rules(rules(), {"a.c": CODE % before}, workshop.runner).texts["a.c"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\tif (crack(nut))\n\t\tSetNutRipe(nut);\n", id="the test does something"),
        pytest.param(b"\tSetNutRipe(pick(tree));\n", id="the argument does something"),
        pytest.param(b"\tfor (i = 0; i < 3; i++)\n\t\tSetNutRipe(tree->nuts[i]);\n\ti++;\n", id="a loop"),
        pytest.param(b"\tfor_each_nut(nut, tree)\n\t\tSetNutRipe(nut);\n\ti++;\n", id="a loop of a macro"),
        pytest.param(b"\twhile (pick(tree))\n\t\tSetNutRipe(nut);\n\ti++;\n", id="while"),
        pytest.param(b"\tif (i) {\n\t\tSetNutRipe(nut);\n\t} else {\n\t\ti++;\n\t}\n", id="one of two ways"),
    ],
)
def test_what_would_be_left_without_a_statement_stays(workshop, body):
    """The next statement would move below the test, or a call would go that does something."""
    assert CODE % body == apply_rules(rules(), {"a.c": CODE % body}, workshop.runner).texts["a.c"]


def test_a_mark_of_which_something_is_left_or_that_few_lost_makes_no_rule():
    """What others still ask for would not be told any more; a new name of the same mark would not be given."""
    assert [] == rules(names=("SetNutRipe",))
    assert [] == rules(names=("NutRipe",))
    assert [] == rules(pairs=PAIRS[:2])
    assert [] == rules(excluded=("fs/a1",))
    assert [] == rules(pairs=[*PAIRS, *(pair(number, came="\tSetNutSweet(nut);\n") for number in range(3, 6))])
    assert 1 == len(rules(pairs=[*PAIRS, pair(3, came="\tSetNutSweet(nut);\n")]))


def test_code_that_asks_for_the_mark_keeps_it():
    """What a file sets and another one asks for would be silently lost."""
    texts = {"a.c": CODE % b"\tSetNutRipe(nut);\n\ti++;\n"}
    asking = texts | {"b.c": CODE % b"\tif (NutRipe(nut))\n\t\ti++;\n"}

    assert [frozenset({"a.c"})] == [one.paths for one in unasked(rules(), gone(*BOTH), DECLARED, texts)]
    assert [] == list(unasked(rules(), gone(*BOTH), DECLARED, asking))


def test_a_label_keeps_what_stands_behind_it():
    """A label at the end of a block does not compile everywhere."""
    texts = {"a.c": CODE % b"\ti++;\nout:\n\tSetNutRipe(nut);\n", "b.c": CODE % b"out:\n\tSetNutRipe(nut);\n\ti++;\n"}

    assert [frozenset({"b.c"})] == [one.paths for one in unasked(rules(), gone(*BOTH), DECLARED, texts)]
