"""Leaves `kinds` and `suspects`: every kind has rules that offer what the pipeline asks of them, and a template."""

import inspect
import subprocess
import sys

import pytest

from cocci_gen.coccinelle.smpl import templates
from cocci_gen.corpus.folder import Twin
from cocci_gen.kinds.registry import RULES
from cocci_gen.kinds.suspects import Rule
from cocci_gen.kinds.working import fixing_kinds

ASKED = ("duties", "semantic_patch", "judge", "unstarred", "again")


def parameters(where, name):
    """What a method takes; a leading underscore marks what it does not need."""
    return [parameter.lstrip("_") for parameter in inspect.signature(getattr(where, name)).parameters]


@pytest.mark.parametrize("kind", RULES)
def test_every_rule_offers_what_is_asked(kind):
    """A family that lacks a method would fail in the middle of a run over a whole kernel."""
    for rule in RULES[kind]:
        assert kind == rule.kind
        for name in ASKED:
            asked, offered = (parameters(where, name) for where in (Rule, type(rule)))
            assert asked == offered


def test_every_kind_has_a_template_of_its_name():
    """A kind without one cannot be run; the name is what leads from the one to the other."""

    assert set() == set(RULES) - set(templates())


def test_every_template_has_a_kind():
    """A template that no rule renders is never run, however good it is."""

    assert set() == set(templates()) - set(RULES)


def test_the_page_kinds_are_there():
    """Without these two lines nothing of address_space_operations is examined."""

    assert (1, 3) == (len(RULES["unlocks"]), len(RULES["writeback"]))


def test_the_kinds_that_make_fixes_are_those_whose_fixes_the_corpus_holds(corpus):
    """Which kinds make fixes is read off the templates; what they make in fact lies in the corpus, byte for byte."""
    made = {case.stem.rpartition(".")[2] for case in corpus.cases if isinstance(case.repair, Twin)}

    assert made | {"prototype"} == fixing_kinds()  # whose fixes test_prototypes.py looks at


def test_a_scan_that_is_remembered_loads_no_rules():
    """They take a third of the time of a run over a tree that has not changed."""
    words = "import sys, cocci_gen.runs.making, cocci_gen.api; sys.exit('cocci_gen.kinds.registry' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
