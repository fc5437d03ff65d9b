"""What follows a constant that is given for a structure which another one follows."""

import pytest

from cocci_gen.port.changes.declared import Function
from cocci_gen.port.changes.evolutions import FunctionChanged
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.constants import constant_rules
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.texts.parameters import steps_between


def changed(name, *more):
    """A function whose owner became a map, with other parameters that came."""
    old, new = ("struct owner *owner", "int n"), ("struct map *map", "int n", *more)
    before, after = (Function(name, "int", some, "a.h", 1) for some in (old, new))
    return FunctionChanged(before, after, steps_between(old, new))


def shown(number, new="&no_map"):
    """What the tree shows of one function."""
    text = f"@r@\nexpression E0;\n@@\n- dig_{number}(&init_owner, E0)\n+ dig_{number}({new}, E0)\n"
    return PortRule(f"r{number}", f"dig_{number}()", "", text, Learned(4, 4, 3, (), ()), ())


def rules(news, *more):
    """The rules for a function that nobody calls with a constant, beside others of which the tree shows these."""
    every = [changed("sow", *more), *(changed(f"dig_{number}") for number in range(len(news)))]
    made = constant_rules(every, [shown(number, new) for number, new in enumerate(news)])
    return [rule for rule in made if rule.evolution == "sow()"]


@pytest.mark.parametrize(
    ("news", "more", "follows"),
    [
        (["&no_map"] * 3, (), True),
        (["&no_map"] * 2, (), False),
        (["&no_map"] * 3 + ["map"], (), False),
        (["&no_map"] * 3, ("bool wide",), False),
    ],
    ids=["three agree", "two are none", "one of four does otherwise", "another argument is missing"],
)
def test_a_constant_follows_as_it_does_elsewhere(workshop, news, more, follows):
    """A helper that too few call would keep the constant of the old kernel, or get one that nobody agrees on."""
    text = b"int f(int n)\n{\n\treturn sow(&init_owner, n);\n}\n"
    ported = apply_rules(rules(news, *more), {"a.c": text}, workshop.runner)

    assert (b"return sow(&no_map, n);" in ported.texts["a.c"]) is follows


def test_the_places_of_all_functions_are_its_ground():
    """The user would be told of as many places as there are functions."""
    (rule,) = rules(["&no_map"] * 3)

    assert Learned(12, 12, 3, (), ()) == rule.ground
