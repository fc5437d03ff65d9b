"""The functions that tables name for methods."""

import pytest

from cocci_gen.port.instances import read_code

FUNCTION = b"static int f(struct row *row, int n)\n{\n\treturn n;\n}\n\n"


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (
            b'static struct row rows[] = {\n\t{\n\t\t.name\t= "a",\n\t\t.work\t= f,\n\t},\n\t{ },\n};\n',
            [("row", "work", 9)],
        ),
        (b"static const struct row one = {\n\t.work = f,\n};\n", [("row", "work", 7)]),
        (b"static struct column one = {\n\t.work = f,\n};\n", []),
        (b"static struct row one = {\n\t.other = f,\n};\n", []),
    ],
    ids=["an array", "one", "another structure", "another member"],
)
def test_a_table_is_one_whatever_its_structure_is_called(table, found):
    """The handlers of a `struct ctl_table` would keep their heads, for its name says nothing of operations."""
    code = read_code([("a.c", FUNCTION + table)], frozenset())

    assert found == [(one.struct, one.method, one.line) for one in code.instances({("row", "work")})]
