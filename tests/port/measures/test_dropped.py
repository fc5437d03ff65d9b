"""What a port takes away that upstream kept."""

import pytest

from cocci_gen.port.measures.dropped import Dropped, dropped

OLD = b"int f(struct x *x)\n{\n\tint err;\n\n\terr = call(x);\n\tif (err)\n\t\treturn -EIO;\n\tx->size = 3;\n\treturn 0;\n}\n"


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        (b"\tx->size = 3;\n", Dropped((), ("size",), ())),
        (b"call(x)", Dropped(("call",), (), ())),
        (b"\tif (err)\n\t\treturn -EIO;\n", Dropped((), (), ("EIO", "if"))),
        (b"err = ", Dropped((), ("err",), ())),
    ],
    ids=["a store", "a call", "an error", "what was returned"],
)
def test_what_is_gone_is_counted_where_upstream_kept_it(line, lost):
    """The worst that a port can do would not show in any figure."""
    assert lost == dropped(OLD, OLD.replace(line, b""), OLD)


def test_what_upstream_took_away_as_well_is_not_lost():
    """Every change that upstream made would count as a loss."""
    now = OLD.replace(b"call(x)", b"other(x)")

    assert Dropped((), (), ()) == dropped(OLD, now, now)


def test_comments_and_strings_lose_nothing():
    """A changed comment would count as a lost call."""
    old = OLD.replace(b"int err;", b'int err; /* call(y) */ char *s = "call(z)";')
    now = OLD.replace(b"int err;", b'int err; char *s = "";')

    assert Dropped((), (), ()) == dropped(old, now, old)


@pytest.mark.parametrize(
    ("now", "lost"),
    [(OLD, Dropped((), (), ())), (OLD.replace(b"call(x)", b"0"), Dropped(("call",), (), ()))],
    ids=["the function alone", "a call beside it"],
)
def test_what_went_with_a_function_that_upstream_lost_too_is_not_lost(now, lost):
    """`.writepage` went with its function, and upstream wrote tests elsewhere: that would count as tests lost."""
    gone = OLD.replace(b"f(struct", b"write(struct").replace(b"call(x)", b"-EIO")
    upstream = OLD + b"int g(void)\n{\n\tif (a)\n\t\treturn -EIO;\n\tx->size = 3;\n\terr = 0;\n}\n"

    assert lost == dropped(OLD + gone, now, upstream)


def test_a_function_with_another_name_by_now_is_looked_into():
    """A call that got lost on the way of `read_page()` to `read_folio()` would count for nothing."""
    now = OLD.replace(b"int f(", b"int f_folio(").replace(b"call(x)", b"0")

    assert Dropped(("call",), (), ()) == dropped(OLD, now, OLD.replace(b"int f(", b"int f_folio("))
