"""A parameter that went, and the constant that the tree gives in its place."""

import pytest

from cocci_gen.code.texts.source import file_facts
from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.evolutions import MethodChanged
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.methods.body_uses import Fixed, Leaves
from cocci_gen.port.methods.head_plans import head_examples, plan_head
from cocci_gen.port.methods.heads import head_rules, unsure_bodies
from cocci_gen.port.texts.instances import Instance, Written
from cocci_gen.port.texts.parameters import steps_between


def step_of(kind):
    """A method that lost its second parameter, which was of this type."""
    old, new = ("struct plot *plot", f"{kind}deep"), ("struct plot *plot",)
    before, after = (
        Method("meadow_operations", Prototype("sow", "int", some, "", 1, 1, "", ()), "a.h") for some in (old, new)
    )
    return MethodChanged(before, after, steps_between(old, new))


def instance(name, body, *, head="bool deep", path="a.c"):
    """A function with such a head and body, in a table."""
    more = f", {head}" if head else ""
    text = f"static int {name}(struct plot *plot{more})\n{{\n\t{body}\n}}\n".encode()
    (span,) = file_facts(text, ()).functions
    return Instance("meadow_operations", "sow", Written(path, span, text), path, 1, typed=True)


def plan(shown, *, kind="bool "):
    """(body before, body after) of functions in a folder of their own each -> the plan."""
    names = [f"f{number}" for number in range(len(shown))]
    paths = [f"fs/{name}/{name}.c" for name in names]
    before, after = (
        [instance(name, some[side], head=head, path=path) for name, path, some in zip(names, paths, shown, strict=True)]
        for side, head in enumerate([f"{kind}deep", ""])
    )
    pairs = {
        (one.function.path, one.function.name): Pair(one.function, two.function)
        for one, two in zip(before, after, strict=True)
    }
    step = step_of(kind)
    return plan_head(step, head_examples(step, before, after, pairs), Habits([]))


GIVEN = ("return dig(plot, deep);", "return dig(plot, 1);")
CHOSEN = ("return dig(plot, deep ? SPADE : 0);", "return dig(plot, SPADE);")


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("return hoe(plot, deep, 3);", "return hoe(plot, true, 3);"),
        ("return hoe(plot, deep ? FORK : RAKE);", "return hoe(plot, FORK);"),
        ("return plot->deep;", "return plot->deep;"),
    ],
    ids=["given", "decides between constants", "a member of that name"],
)
def test_what_the_tree_gives_in_place_of_a_parameter_is_given(workshop, body, wanted):
    """The body would name a parameter that its head does not have."""
    mine = instance("elm_sow", body)
    made = plan([GIVEN, CHOSEN])
    ((rule,), refused) = head_rules(made, [mine])
    ported = apply_rules(
        [PortRule("r", "r", "", rule.text, Declarations(), ())], {"a.c": mine.function.text}, workshop.runner
    )

    assert Fixed("true", 2, 2) == made.uses[1]
    assert () == refused == ported.refused
    assert instance("elm_sow", wanted, head="").function.text == ported.texts["a.c"]
    assert () == unsure_bodies(made, [mine])


@pytest.mark.parametrize(
    "body",
    [
        "if (deep)\n\t\treturn 1;\n\treturn 0;",
        "deep = false;\n\treturn hoe(plot, deep);",
        "return hoe(plot, &deep);",
        "return deep ? hoe(plot) : rake(plot);",
        "return hoe(plot, !deep);",
    ],
    ids=["asked", "stored", "its address", "decides between calls", "turned round"],
)
def test_a_body_that_does_more_with_it_is_told(workshop, body):
    """A call of the body would go, or `if (true)` stand there."""
    mine = instance("elm_sow", body)
    made = plan([GIVEN, CHOSEN])
    ((rule,), _) = head_rules(made, [mine])
    ported = apply_rules(
        [PortRule("r", "r", "", rule.text, Declarations(), ())], {"a.c": mine.function.text}, workshop.runner
    )
    ((told,),) = [unsure_bodies(made, [mine])]

    assert instance("elm_sow", body, head="").function.text == ported.texts["a.c"]
    assert "2 of 2 functions of the tree give `true` in its place" in told.reason


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ([GIVEN], "bool "),
        ([GIVEN, ("return dig(plot, deep);", "return dig(plot, 0);")], "bool "),
        ([GIVEN, CHOSEN, ("return deep ? dig(plot) : 0;", "return dig_all(plot);")], "bool "),
        ([GIVEN, ("return dig(plot, deep);", "return dig(plot, true);")], "int "),
        ([CHOSEN, CHOSEN], "int "),
    ],
    ids=["one folder", "two values", "one does otherwise", "numbers", "any number but none"],
)
def test_nothing_is_given_where_the_tree_does_not_say_one_thing(shown, kind):
    """A guess that compiles."""
    assert isinstance(plan(shown, kind=kind).uses[1], Leaves)
