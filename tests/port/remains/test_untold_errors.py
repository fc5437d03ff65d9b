"""What the compiler says, and no place that is left to a person."""

from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.remains.untold_errors import untold_errors

RETYPED = "initialization of 'void (*)(int)' from incompatible pointer type 'void (*)(void)'"
ERRORS = {
    "a/elm.c": [
        f"elm.c:12: {RETYPED} [-Werror=incompatible-pointer-types]",
        f"elm.c:31: {RETYPED} [-Werror=incompatible-pointer-types]",
        "elm.c:40: implicit declaration of function 'sow'; did you mean 'mow'? [-Werror=implicit-function-declaration]",
        "shed.h:7: expected ';'",
        "it cannot be read",
    ]
}


def test_an_error_that_no_place_names_is_told_once_with_its_lines():
    """`left (0)` would be said of code that does not compile, and the reason be found in port.json alone."""
    told = [Leftover("a/elm.c", 40, "sow()", "gone", ())]

    assert [
        f"{RETYPED}: a/elm.c:12, a/elm.c:31",
        "expected ';': shed.h:7 by way of a/elm.c",
        "it cannot be read: a/elm.c",
    ] == list(untold_errors(ERRORS, told))
    assert "implicit declaration of function 'sow': a/elm.c:40" in list(untold_errors(ERRORS, []))


def test_of_many_errors_the_first_are_told():
    """A file with a missing brace has hundreds, and what is left for a person would be out of sight."""
    errors = {"elm.c": [f"elm.c:{number}: no {number}" for number in range(40)]}
    same = {"elm.c": [f"elm.c:{number}: no" for number in range(8)]}

    assert (31, "10 others (see port.json)") == (len(found := list(untold_errors(errors, []))), found[-1])
    assert ["no: " + ", ".join(f"elm.c:{number}" for number in range(6)) + " and 2 others"] == list(
        untold_errors(same, [])
    )
