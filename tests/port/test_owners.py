"""A member is what changed only in the structure that lost it."""

import pytest

from cocci_gen.port.lessons.generalise import with_owners
from cocci_gen.port.texts.terms import function_term, names_in

TYPES = {"plot": "plot", "raw": "elm_disk_plot", "count": ""}


def owner(term):
    """The tag of a name."""
    return TYPES.get(term[1]) if term[0] == "identifier" else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("plot->p_time = 1;", "plot.p_time"),
        ("raw->p_time = 1;", ".p_time"),
        ("count->p_time = 1;", ".p_time"),
        ("other->p_time = 1;", ".p_time"),
        ("plot->p_size = 1;", ".p_size"),
    ],
)
def test_a_member_is_named_with_its_structure(text, name):
    """A driver's structure that lost `flags` would make rules about everybody's flags."""
    body = with_owners(function_term(f"void f(void)\n{{\n{text}\n}}".encode()), {"p_time": {"plot"}}, owner)

    assert name in list(names_in(body))
