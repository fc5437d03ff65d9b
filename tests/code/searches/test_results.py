"""What a return hands back."""

import pytest

from cocci_gen.code.searches.machines import EITHER, ERROR, POINTER
from cocci_gen.code.searches.results import returned
from cocci_gen.code.states.known import ANY, NEGATIVE, POSITIVE, ZERO


@pytest.mark.parametrize(
    ("text", "known", "signs", "pointer"),
    [
        ("ERR_PTR(err)", ZERO, ZERO, POINTER),
        ("ERR_PTR(err)", NEGATIVE, NEGATIVE | POSITIVE, ERROR),
        ("ERR_PTR(err)", NEGATIVE | POSITIVE, NEGATIVE | POSITIVE, ERROR),
        ("ERR_PTR(err)", ANY, ANY, EITHER),
        ("ERR_PTR(-EIO)", ANY, NEGATIVE | POSITIVE, ERROR),
        ("ERR_CAST(err)", ANY, NEGATIVE | POSITIVE, ERROR),
    ],
)
def test_an_error_pointer_of_zero_is_none(text, known, signs, pointer):
    """->mkdir of 7.3 ends with `return ERR_PTR(ret);` where it does well, too: that was taken for a failure."""
    found = returned(text, {"err": (known, "")}, ())

    assert (found.signs, found.pointer) == (signs, pointer)
