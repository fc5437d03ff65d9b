"""How parts of C are read: arguments."""

import pytest

from cocci_gen.code.texts.reading import definitions, first_argument


def test_the_first_argument_ends_at_its_own_comma():
    """A comma inside of brackets belongs to an inner call."""
    assert "f(a, b)" == first_argument("f(a, b), c")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        pytest.param("(note(__LINE__, err), err)", "err", id="told of"),
        pytest.param("\\\n\t(note(__LINE__, err), (err))", "err", id="in the next line, in brackets"),
        pytest.param("(note(err), other)", "", id="another value"),
        pytest.param("(cast)note(err, err)", "", id="a cast"),
        pytest.param("note(err)", "", id="a call"),
        pytest.param("(err)", "", id="nobody is told"),
        pytest.param("(bed_put(bed), err)", "", id="something else is done"),
        pytest.param("(note(bed, err), err)", "", id="something else is handed on"),
    ],
)
def test_a_macro_that_notes_its_value_has_that_value(body, value):
    """`return NOTED(EIO);` fails as `return EIO;` does; else no module that notes its errors is seen to fail."""
    found = [one.parts for one in definitions(f"#define NOTED(bed, err) {body}\n".encode())]
    assert found == ([("bed, err", value)] if value else [])
