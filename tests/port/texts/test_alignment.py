"""Which statements of two versions of a function are one that was rewritten."""

import pytest

from cocci_gen.port.texts.alignment import differences
from cocci_gen.port.texts.terms import RUN, function_term, written

CHANGED = {"begin"}


def runs(before, after):
    """The runs of statements that became one: their statements, as text."""
    old, new = (function_term(f"void f(void)\n{{\n{text}\n}}".encode()) for text in (before, after))
    found = differences(old, new, CHANGED)
    return [" ".join(written(part) for part in one.old[1:]) for one in found if one.old[0] == RUN]


def test_a_store_whose_value_stands_in_the_call_that_came_is_part_of_what_became_it():
    """A function that takes along what was set behind its predecessor would have no example."""
    assert ["begin(&t, M); t.call = f;"] == runs("begin(&t, M); t.call = f;", "setup(&t, f, M);")
    assert ["t.call = f; begin(&t, M);"] == runs("t.call = f; begin(&t, M);", "setup(&t, f, M);")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("begin(&t, M); t.call = g;", "setup(&t, f, M);"),
        ("begin(&t, M); u.call = f;", "setup(&t, f, M);"),
        ("begin(&t, M); call(&t);", "setup(&t, call, M);"),
        ("other(&t, M); t.call = f;", "setup(&t, f, M);"),
    ],
    ids=["another value", "another object", "no store", "nothing that changed"],
)
def test_what_merely_stood_beside_a_changed_statement_is_no_part_of_it(before, after):
    """Each statement beside a changed one would be tried with each that came, and some would agree by chance."""
    assert [] == runs(before, after)
