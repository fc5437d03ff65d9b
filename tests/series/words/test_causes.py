"""Several causes as one phrase: nothing is said twice, and nothing is put together that is not alike."""

import pytest

from cocci_gen.series.words.causes import any_of, is_failure, without_parts


@pytest.mark.parametrize(
    ("causes", "said"),
    [
        (["f() fails"], "f() fails"),
        (["f() fails", "g() fails"], "f() or g() fails"),
        (["f() finds nothing", "g() finds nothing"], "f() or g() finds nothing"),
        (["f() fails", "x is NULL"], "f() fails, or x is NULL"),
        (["a(n) and b(n) are true", "a(n) and c(n) are true"], "a(n) and either b(n) or c(n) are true"),
        (
            ["x is NULL", "a(n) and b(n) are true", "a(n) and c(n) are true"],
            "x is NULL, or a(n) and either b(n) or c(n) are true",
        ),
        (["a(n) and b(n) are true", "a(n) and c(n) are false"], "a(n) and b(n) are true, or a(n) and c(n) are false"),
        (["a(n) and b(n) are true", "d(n) and c(n) are true"], "a(n) and b(n) are true, or d(n) and c(n) are true"),
    ],
)
def test_causes_of_which_one_is_enough(causes, said):
    """`a is true and b is true, or a is true and c is true` is C read aloud; and a wrong `either` is untrue."""
    assert said == any_of(causes)


def test_a_part_of_another_cause_is_not_said():
    """`f() fails in the loop` says less than `f() fails`."""
    assert ["f() fails"] == without_parts(["f() fails in the loop", "f() fails"])
    assert is_failure("f() fails in the loop")
    assert is_failure("f() or ->g() fails")
    assert not is_failure("x is NULL")
