"""What a return hands back."""

from dataclasses import replace

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.machines import EITHER, ERROR, POINTER, Result
from cocci_gen.code.searches.results import returned, with_results
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


@pytest.mark.parametrize(
    ("value", "result", "known"),
    [
        ("find(n)", Result(POSITIVE, "EIO"), (POSITIVE, "EIO")),
        ("-find(n)", Result(POSITIVE, "EIO"), (NEGATIVE, "-EIO")),
        ("-find(n)", Result(NEGATIVE, "-EIO"), (POSITIVE, "EIO")),
        ("-find(n)", Result(ZERO, "0"), (ZERO, "0")),
        ("-find(n)", Result(ZERO | POSITIVE), (ZERO | NEGATIVE, "")),
        ("-other(n)", Result(POSITIVE, "EIO"), None),
    ],
)
def test_a_caller_may_turn_the_sign(value, result, known):
    """Code that was written for another kernel fails by EIO, and what stands before it for this one by -EIO: no failing way of it
    was known to have filled in nothing."""
    node = graph_of(f"int demo(int n) {{ int err; err = {value}; return {value}; }}".encode(), 1).nodes
    step, end = (one for one in node if one.calls)
    (call,) = step.calls
    call = replace(call, callee="find")
    told = with_results({}, step, ((call, result),))
    back = returned(end.returned, {}, ((call, result),))

    assert told.get("err") == known
    assert (back.signs, back.constant) == (known or (ANY, ""))
