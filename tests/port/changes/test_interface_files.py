"""Files that define what the headers declare otherwise by now."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.changes.interface_files import interface_files

HEADER = b"int plot_dig(struct plot *plot, int depth);\nint plot_mow(struct plot *plot);\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"int plot_dig(struct plot *plot, int depth)\n{\n\treturn depth;\n}\n", {"a.c"}),
        (b"static int plot_dig(struct plot *plot, int depth)\n{\n\treturn depth;\n}\n", set()),
        (b"int plot_mow(struct plot *plot)\n{\n\treturn plot_dig(plot, 1);\n}\n", set()),
    ],
    ids=["its definition", "one of its own", "a user"],
)
def test_who_defines_a_changed_function_is_no_user_of_it(text, found):
    """The figures would lay the rewriting of an interface to the charge of those who follow it, or the other way round."""
    sides = [read_headers([("a.h", one)]) for one in (HEADER, HEADER.replace(b", int depth", b""))]

    assert found == interface_files(compare(*sides, (), ()), {"a.c": text})
