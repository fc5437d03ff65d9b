"""Structures that have another name by now."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.evolutions import MemberGone, MethodChanged, StructGone, StructRenamed
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.changes.renamed_structs import renamed_structs

PLOT = b"struct %s {\n\tint size;\n\tlong age;\n\tint wet;\n\tstruct %s *next;\n%s};\n"
METHODS = b"struct shed_operations {\n\tint (*sow)(struct %s *plot%s);\n\tint (*reap)(struct %s *plot, int n);\n};\n"
CALL = b"int plot_dig(struct %s *plot, int depth);\n"


def header(tag, *, more=b"", extra=b""):
    """A kernel whose structure has this tag."""
    return PLOT % (tag, tag, more) + METHODS % (tag, extra, tag) + CALL % tag


OLD, NEW = header(b"bed", more=b"\tint dry;\n"), header(b"border", extra=b", int n")
MODULE = b"""\
#include <linux/shed.h>

struct elm {
\tstruct bed *plot;
};

static int elm_sow(struct bed *plot)
{
\tstruct elm *elm = elm_of(plot);

\telm->plot = plot;
\treturn plot_dig(plot, sizeof(struct bed));
}

static int elm_reap(struct bed *plot, int n)
{
\treturn plot_dig(container_of(&n, struct bed, wet), n);
}

static const struct shed_operations elm_operations = {
\t.sow = elm_sow,
\t.reap = elm_reap,
};
"""


@pytest.mark.parametrize(
    ("new", "found"),
    [
        (PLOT % (b"border", b"border", b""), {"bed": "border"}),
        (PLOT % (b"border", b"border", b"\tint dry;\n"), {"bed": "border"}),
        (PLOT % (b"border", b"border", b"\tint dry;\n\tint warm;\n"), {}),
        (PLOT % (b"border", b"border", b"") + PLOT % (b"yard", b"yard", b""), {}),
        (PLOT % (b"bed", b"bed", b"") + PLOT % (b"border", b"border", b""), {}),
        (b"struct border {\n\tint size;\n\tlong age;\n};\n", {}),
    ],
    ids=["the same", "one member more", "two more", "two of its members", "still there", "half of it"],
)
def test_a_structure_that_came_with_the_members_of_one_that_went_is_it(new, found):
    """A structure that only looks like it would take the place of another all over the code."""
    old = read_headers([("include/linux/shed.h", PLOT % (b"bed", b"bed", b""))])

    assert found == renamed_structs(old, read_headers([("include/linux/shed.h", new)]))


@pytest.mark.parametrize(
    ("path", "tag", "found"),
    [
        ("include/linux/shed.h", b"border", True),
        ("include/linux/yard.h", b"border", False),
        ("include/linux/yard.h", b"bed_of", True),
        ("include/linux/yard.h", b"of_be", False),
    ],
    ids=["in its header", "elsewhere", "elsewhere with its name", "elsewhere with half of its name"],
)
def test_a_structure_elsewhere_has_something_of_the_name(path, tag, found):
    """Three numbers of the same names are a structure of some other driver as well."""
    old = read_headers([("include/linux/shed.h", PLOT % (b"bed", b"bed", b""))])

    assert found == bool(renamed_structs(old, read_headers([(path, PLOT % (tag, tag, b""))])))


def test_members_of_other_types_are_other_members():
    """`size` and `age` are names that anything has."""
    old = read_headers([("include/linux/shed.h", PLOT % (b"bed", b"bed", b""))])
    new = read_headers([("include/linux/shed.h", (PLOT % (b"border", b"border", b"")).replace(b"int", b"u8"))])

    assert {} == renamed_structs(old, new)


def test_a_prototype_with_the_new_name_alone_did_not_change():
    """Every function that points to the structure would be told, and none of the calls be right."""
    old, new = (read_headers([("include/linux/shed.h", text)]) for text in (OLD, NEW))
    found = compare(old, new, (), ())

    assert ["shed_operations.sow"] == [one.id for one in found if isinstance(one, MethodChanged)]
    assert ["bed.dry"] == [one.id for one in found if isinstance(one, MemberGone)]
    assert ["struct bed"] == [one.id for one in found if isinstance(one, StructRenamed)]
    assert 3 == len(found)


def test_the_code_says_the_new_name(workshop):
    """The heads would follow, and everything else of the code point to a structure that is not there."""
    port = workshop.port({"elm.c": MODULE}, old={"include/linux/shed.h": OLD}, new={"include/linux/shed.h": NEW})
    heads = (b"elm_sow(struct border *plot)", b"elm_sow(struct border *plot, int n)")
    wanted = MODULE.replace(b"struct bed", b"struct border").replace(*heads)

    assert [] == list(port.ported.refused)
    assert wanted == port.ported.texts["elm.c"]
    assert [] == [one.reason for one in port.leftovers]


def test_a_structure_of_the_code_itself_keeps_its_name(workshop):
    """A module that brings its own for old kernels would lose it."""
    own = {"elm.c": b"struct bed {\n\tint mine;\n};\n\nstatic int f(struct bed *plot)\n{\n\treturn plot->mine;\n}\n"}
    port = workshop.port(own, old={"include/linux/shed.h": OLD}, new={"include/linux/shed.h": NEW})

    assert () == port.ported.applied
    assert () == port.leftovers


@pytest.mark.parametrize(("meant", "follows"), [(b"border", True), (b"bed", False), (b"border b", False)])
def test_code_with_a_macro_for_the_new_name_follows_already(workshop, meant, follows):
    """A module that builds on both kernels (`#define fileattr file_kattr`) would not build on the older one any more."""
    text = b"#include <linux/shed.h>\n#define bed %s\n\nint f(struct bed *plot)\n{\n\treturn plot->size;\n}\n" % meant
    port = workshop.port({"elm.c": text}, old={"include/linux/shed.h": OLD}, new={"include/linux/shed.h": NEW})

    assert follows is (text == port.ported.texts["elm.c"])
    assert follows is ("struct bed" not in {one.evolution.id for one in port.used})


@pytest.mark.parametrize(
    ("said", "gone"),
    [({"yard"}, ["struct bed"]), ({"yard", "bed"}, []), (set(), [])],
    ids=["nobody speaks of it", "some header points to it", "nothing is known"],
)
def test_a_structure_of_which_no_header_speaks_is_gone(said, gone):
    """The compiler would be the first to tell; what code only points to may well be there, behind a header of its own."""
    old = read_headers([("include/linux/shed.h", PLOT % (b"bed", b"bed", b""))])
    found = compare(old, read_headers([]), (), (), (), lambda: said)

    assert gone == [one.id for one in found if isinstance(one, StructGone)]


def test_code_that_names_a_structure_that_went_is_told(workshop):
    """`left (0)` would be said of code that does not compile."""
    shed = {"include/linux/shed.h": b"struct bed {\n\tint size;\n};\n"}
    text = b"int f(void *p)\n{\n\tstruct bed *bed = p;\n\treturn bed->size;\n}\n"
    port = workshop.port({"elm.c": text}, old=shed, new={"include/linux/shed.h": b"int shed;\n"})

    assert [("struct bed", 3, "gone")] == [(one.evolution, one.line, one.reason) for one in port.leftovers]
