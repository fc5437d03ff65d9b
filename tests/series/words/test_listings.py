"""The paths below the cut: each further one only where it differs."""

from types import SimpleNamespace

import pytest

from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import ALSO_HERE, BY_HERE, LEFT_HERE, Registration
from cocci_gen.series.words.listings import evidence, paths


def found(*steps, function="f", table="t", kind="unlocks"):
    """What is shown of a finding whose path has these steps (line, note)."""
    return SimpleNamespace(
        file="a.c",
        function=function,
        obligation=SimpleNamespace(id="ops.m.unlocks", method="m", kind=kind),
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


def test_a_further_round_of_a_loop_is_told_where_it_differs():
    """The loop was unrolled: twelve lines of it, and twelve more with one other result among them."""
    again = (5, "`n` is false"), (6, "`m` is true")
    assert shown(found(FIRST, *again, *again, (5, "`n` is true"), LAST))[0][0] == [1, 5, 6, 5, 2]


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


def test_what_is_taken_stands_where_the_path_takes_it():
    """Who follows the path from its first line on looks for tests ahead of the taking behind it."""
    takes = (4, "get() takes box")
    assert shown(found(takes, FIRST, OTHER, (5, "`b` is true")))[0][0] == [1, 3, 4, 5]
    assert shown(found((7, "g() calls f()"), takes, (9, "`b` is true"), LAST))[0][0] == [7, 4, 9, 2]  # round a loop


def test_a_way_that_is_left_is_told_as_a_sentence():
    """`The way by here is left as it is: x: y` is read as a list of three things."""
    step = Step("a.c", 5, f"{LEFT_HERE}: `a->b`: the call warns")
    assert evidence(step) == "  a.c:5: what comes here by `a->b` is left as it is, as the call warns"


@pytest.mark.parametrize(
    ("kind", "step", "led"),
    [
        ("gives_back", "g() calls f()", True),
        ("gives_back", "get() takes box", False),
        ("unlocks", "g() calls f()", False),
    ],
)
def test_calls_that_lead_to_a_function_are_no_more_than_that(kind, step, led):
    """A mail named the method in which a chain of calls begins, where a flag that it never sets stood ahead of the last."""
    assert [one.led for one in paths([found((7, step), FIRST, LAST, kind=kind)])] == [led]
