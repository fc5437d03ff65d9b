"""The functions that tables name for methods."""

import pytest

from cocci_gen.port.texts.instances import read_code

FUNCTION = b"static int f(struct row *row, int n)\n{\n\treturn n;\n}\n\n"


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (
            b'static struct row rows[] = {\n\t{\n\t\t.name\t= "a",\n\t\t.work\t= f,\n\t},\n\t{ },\n};\n',
            [("row", "work", 9)],
        ),
        (b"static const struct row one = {\n\t.work = f,\n};\n", [("row", "work", 7)]),
        (b"static struct row none = { 0 };\nstatic struct row one = {\n\t.work = f,\n};\n", [("row", "work", 8)]),
        (
            b"struct row none = { .n = 0 };\nint g(void)\n{\n\tstruct box b = {\n\t\t.work = f,\n\t};\n}\nstruct box c = {\n};\n",
            [],
        ),
        (b"static struct row one = { .work = f };\n", [("row", "work", 6)]),
        (b"static struct column one = {\n\t.work = f,\n};\n", []),
        (b"static struct row one = {\n\t.other = f,\n};\n", []),
    ],
    ids=[
        "an array",
        "one",
        "behind one line",
        "one line and no more",
        "one line",
        "another structure",
        "another member",
    ],
)
def test_a_table_is_one_whatever_its_structure_is_called(table, found):
    """The handlers of a `struct ctl_table` would keep their heads, for its name says nothing of operations."""
    code = read_code([("a.c", FUNCTION + table)], frozenset())

    assert found == [(one.struct, one.method, one.line) for one in code.instances({("row", "work")})]


@pytest.mark.parametrize(
    ("lines", "typed"),
    [
        (b"static struct row_operations own;\n\nvoid init(void)\n{\n\town = rows;\n\town.work = f;\n}\n", [True]),
        (b"static struct other_operations own;\n\nvoid init(void)\n{\n\town.work = f;\n}\n", []),
        (b"void init(struct rows *rows)\n{\n\trows->ops.work = f;\n}\n", [False]),
        (b"static struct row_operations *own;\n\nvoid init(void)\n{\n\town->work = f;\n}\n", [True]),
        (b"static struct other_operations *own;\n\nvoid init(void)\n{\n\town->work = f;\n}\n", []),
        (b"static struct other own;\n\nvoid init(void)\n{\n\town.ops.work = f;\n}\n", [False]),
    ],
    ids=[
        "a variable",
        "one of another structure",
        "through a pointer",
        "a pointer",
        "another pointer",
        "a part of one",
    ],
)
def test_a_table_that_is_filled_in_code_is_one(lines, typed):
    """A module that copies a table of the kernel and puts its own function into it would not build, and nobody told why."""
    code = read_code([("a.c", FUNCTION + lines)], frozenset({"work"}))

    assert typed == [one.typed for one in code.instances({("row_operations", "work")})]
