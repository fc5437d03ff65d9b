"""How parts of C are read: arguments."""

from cocci_gen.code.texts.reading import first_argument


def test_the_first_argument_ends_at_its_own_comma():
    """A comma inside of brackets belongs to an inner call."""
    assert "f(a, b)" == first_argument("f(a, b), c")
