"""The paths below the cut: each further one only where it differs."""

from types import SimpleNamespace

from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import ALSO_HERE, BY_HERE, Registration
from cocci_gen.series.words.listings import paths


def found(*steps, function="f", table="t"):
    """What is shown of a finding whose path has these steps (line, note)."""
    return SimpleNamespace(
        file="a.c",
        function=function,
        obligation=SimpleNamespace(id="ops.m.unlocks", method="m"),
        evidence=tuple(Step("a.c", *step) for step in steps),
        registrations=(Registration("s", table, "a.c", 9),),
    )


FIRST, LAST, OTHER = (1, "`a` is true"), (2, "`return 1;`"), (3, "`return 2;`")


def shown(*findings):
    """The lines of each path, whether it is one more, what is mended as well, and how many tables are named."""
    every = paths(findings)
    return [([step.line for step in one.steps], one.again, one.also, len(one.tables)) for one in every]


def test_a_second_path_of_a_function_is_shown_where_it_differs():
    """Three paths that differed in their last lines were three pages."""
    assert shown(found(FIRST, LAST), found(FIRST, OTHER)) == [([1, 2], False, "", 1), ([3], True, "", 0)]


def test_another_function_has_a_path_of_its_own():
    """Half a path to another exit cannot be followed; nor can a table that was not named."""
    every = shown(found(FIRST, LAST), found(FIRST, OTHER, function="g"), found(FIRST, LAST, table="u"))
    assert every == [([1, 2], False, "", 1), ([1, 3], False, "", 1), ([2], True, "", 1)]


def test_places_that_are_mended_as_well_stand_on_one_line():
    """A sentence for each of five jumps said five times the same."""
    assert shown(found(FIRST, LAST, (7, BY_HERE), (5, ALSO_HERE))) == [
        ([1, 2], False, "  also fixed: lines 5 and 7", 1)
    ]
    assert shown(found(FIRST, LAST, (5, ALSO_HERE)))[0][2] == "  also fixed: line 5"
