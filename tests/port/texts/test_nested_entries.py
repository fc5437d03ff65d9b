"""The functions that initialisers name for methods of parts of their structures."""

import pytest

from cocci_gen.port.texts.instances import read_code

FUNCTION = b"static int f(struct row *row, int n)\n{\n\treturn n;\n}\n\n"
OUTER = b"struct outer {\n\tint n;\n\tstruct row part;\n};\n"
OTHER = b"struct other {\n\tstruct column part;\n};\n"


@pytest.mark.parametrize(
    ("before", "entry", "found"),
    [
        (OUTER, b".part = { .work = f }", [("row", True)]),
        (OUTER, b".part = {\n\t\t.deep = { .n = 1 },\n\t\t.work = f,\n\t}", [("row", True)]),
        (OUTER, b".part.work = f,", [("row", True)]),
        (OUTER, b".part = { .deep = { .work = f } }", [("row", False)]),
        (OUTER, b".part = { .other = f }", []),
        (OUTER, b"/* .part = { .work = f } */ .n = 1", []),
        (OTHER, b".part = { .work = f }", []),
        (OTHER, b".part = (struct row) { .work = f }", [("row", True)]),
        (OUTER + OTHER, b".part = { .work = f }", []),
        (b"", b".part = { .work = f }", [("row", False)]),
    ],
    ids=[
        "a part", "behind a part of it", "a path", "a part of a part", "another member", "a remark", "another structure",
        "the initialiser says it", "two structures have such a part", "a part of nobody's",
    ],
)  # fmt: skip
def test_a_part_of_an_initialiser_is_a_table(before, entry, found):
    """A callback in a part of a structure (`.ctx.actor = fill`) would keep the head that nobody calls any more."""
    text = before + FUNCTION + b"static struct outer one = {\n\t" + entry + b"\n};\n"

    ones = read_code([("a.c", text)], frozenset({"work"})).instances({("row", "work")})

    assert found == [(one.struct, one.typed) for one in ones]
    assert all(text.splitlines()[one.line - 1].count(b".work") for one in ones)


def test_a_structure_of_a_header_of_the_code_tells_its_parts():
    """The parts of a module are declared in its own header."""
    table = b"static struct outer one = {\n\t.part = { .work = f },\n};\n"
    code = read_code([("own.h", OUTER), ("a.c", FUNCTION + table)], frozenset({"work"}))

    assert [("row", True)] == [(one.struct, one.typed) for one in code.instances({("row", "work")})]


def test_the_parts_are_known_by_file_whose_structure_the_code_tells():
    """A method with another name would keep the old one there, or a part of another structure lose it."""
    table = b"static struct outer one = {\n\t.part = { .work = f },\n};\n"
    texts = [("a.c", OUTER + FUNCTION + table), ("b.c", OTHER + FUNCTION + table), ("c.c", FUNCTION)]
    code = read_code(texts, frozenset())

    assert {"a.c": {"part"}} == code.parts("row", "work")
    assert {"b.c": {"part"}} == code.parts("column", "work")
    assert {} == code.parts("row", "other")


def test_a_part_of_which_nothing_is_known_may_be_of_any_structure_with_such_a_method():
    """Where two structures have a method of that name, the head of the one would be given to a function of the other."""
    table = b"static struct outer one = {\n\t.part = { .work = f },\n};\n"
    code = read_code([("a.c", FUNCTION + table)], frozenset({"work"}))

    assert () == code.instances({("row", "work"), ("column", "work")})
