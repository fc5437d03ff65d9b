"""What spatch is told of the types that a file does not declare itself."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.lessons.types import read_types

HEADER = b"""
struct plot {
	long rows;
};

struct field {
	struct plot *plot;
};

struct plot *plot_of(struct farm *farm);
"""
RULE = """@rows@
%s
@@
- %s->rows
+ plot_rows(%s)
"""
CODE = """long f(struct field *field, struct farm *farm, struct crate *crate)
{
	return field->plot->rows + plot_of(farm)->rows + crate->plot->rows;
}
"""
MENDED = CODE.replace("field->plot->rows", "plot_rows(field->plot)").replace(
    "plot_of(farm)->rows", "plot_rows(plot_of(farm))"
)


def ported(workshop, declared, name):
    """The code after a rule about the rows of a plot that has this name."""
    rule = PortRule("plot.rows", "plot.rows", "", RULE % (declared, name, name), Declarations(), (frozenset({"rows"}),))
    types = read_types([HEADER])
    done = apply_rules([rule], {"a.c": CODE.encode()}, workshop.runner, types.prelude)
    assert () == done.refused
    return done.texts["a.c"].decode()


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("struct plot *E0;", "E0"),
        ("struct plot *E;", "E"),
        ("symbol f; struct plot *bed;", "bed"),
        ("  struct plot\t*bed;", "bed"),
    ],
)
def test_the_types_are_told_whatever_the_metavariable_is_called(workshop, declared, name):
    """A rule about plots would leave every plot that is reached through a member or a function."""
    assert ported(workshop, declared, name) == MENDED


def test_a_structure_in_the_pattern_is_no_metavariable():
    """Every file would get a line of declarations that nothing asks for."""
    text = b"struct plot *E;\nlong f(struct field *field)\n{\n\treturn field->plot->rows;\n}\n"
    rule = PortRule("a", "a", "", "@a@\n@@\n- struct plot *E;\n+ struct plot *F;\n", Declarations(), ())

    assert b"" == read_types([HEADER]).prelude("a.c", text, rule)


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        (b"struct plot *plot;", b"struct bed *plot;", "field->plot->rows"),
        (b"struct plot *plot_of", b"struct bed *plot_of", "plot_of(farm)->rows"),
    ],
)
def test_nothing_is_told_of_what_is_another_structure_by_now(workshop, before, after, left):
    """A bed would be handed to what takes a plot, because it was one in the old kernel."""
    sides = [read_headers([("a.h", text)]) for text in (HEADER, HEADER.replace(before, after))]
    types = read_types([HEADER]).without_changed(compare(*sides, (), ()))
    text = RULE % ("struct plot *E;", "E", "E")
    rule = PortRule("plot.rows", "plot.rows", "", text, Declarations(), (frozenset({"rows"}),))
    done = apply_rules([rule], {"a.c": CODE.encode()}, workshop.runner, types.prelude).texts["a.c"].decode()

    assert left in done
    assert done.count("plot_rows(") == 1


@pytest.mark.parametrize(
    ("header", "declared", "term"),
    [
        (b"struct field {\n\tstruct plot **plots;\n};\n", "struct field *field", "field->plots[2]"),
        (b"struct field {\n\tstruct plot *plots[4];\n};\n", "struct field *field", "field->plots[n]"),
        (b"typedef struct plot *plot_t;\n", "plot_t it", "it"),
        (b"typedef struct plot plot_t;\n", "const plot_t *it", "it"),
        (b"struct field {\n\tplot_t plot;\n};\ntypedef struct plot *plot_t;\n", "struct field *field", "field->plot"),
        (b"typedef struct {\n\tstruct plot *plot;\n} field_t;\n", "field_t *field", "field->plot"),
        (b"typedef struct field {\n\tstruct plot *plot;\n} field_t, *field_p;\n", "field_p field", "field->plot"),
    ],
    ids=[
        "two stars",
        "an array of pointers",
        "a pointer by name",
        "a structure by name",
        "a member by name",
        "no tag",
        "both",
    ],
)
def test_spatch_is_told_of_arrays_and_of_other_names(workshop, header, declared, term):
    """Half of a driver's uses of a member followed it, and those behind an array or a `typedef` of its headers stayed."""
    text = RULE % ("struct plot *E;", "E", "E")
    rule = PortRule("plot.rows", "plot.rows", "", text, Declarations(), (frozenset({"rows"}),))
    code = f"long f({declared}, int n)\n{{\n\treturn {term}->rows;\n}}\n"
    done = apply_rules([rule], {"a.c": code.encode()}, workshop.runner, read_types([header]).prelude)

    assert f"return plot_rows({term});" in done.texts["a.c"].decode()


def test_a_structure_of_one_line_hides_no_other():
    """What the structure behind it holds would belong to the first, and spatch would be told so."""
    types = read_types([b"struct gate { struct lock *lock; };\nstruct barn {\n\tstruct door *door;\n};\n"])

    assert ("lock", "door") == (types.of_member("gate", "lock"), types.of_member("barn", "door"))
    assert types.of_member("gate", "door") is None


@pytest.mark.parametrize(
    "code",
    [
        b"long f(struct field *field)\n{\n\tint plot_t = 3;\n\n\treturn field->plot->rows + plot_t;\n}\n",
        b"long f(struct field *field)\n{\n\tfield->plot_t = 3;\n\treturn field->plot->rows;\n}\n",
        b"long f(struct field *field)\n{\n\tplot_t(3);\n\treturn field->plot->rows;\n}\n",
    ],
    ids=["a variable", "a member", "a function"],
)
def test_a_name_that_is_no_type_in_a_file_is_not_told_to_be_one(workshop, code):
    """spatch read no function with a variable that goes by the name of a type in some header, and left it as it was."""
    text = RULE % ("struct plot *E;", "E", "E")
    rule = PortRule("plot.rows", "plot.rows", "", text, Declarations(), (frozenset({"rows"}),))
    types = read_types([HEADER, b"typedef struct plot *plot_t;\n"])
    done = apply_rules([rule], {"a.c": code}, workshop.runner, types.prelude)

    assert b"typedef" not in types.prelude("a.c", code, rule)
    assert code.replace(b"field->plot->rows", b"plot_rows(field->plot)") == done.texts["a.c"]
