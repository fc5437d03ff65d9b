"""A parameter that stands in a structure by now."""

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.methods.carried import carried
from cocci_gen.port.texts.parameters import Retyped

OLD = b"""\
enum why { WET, DRY };
struct shed_operations {
\tvoid (*lock)(struct shed *shed, enum why why);
};
"""
NEW = b"""\
enum why { WET, DRY };
struct visit {
\tenum why why;
\tint count;
};
struct shed_operations {
\tvoid (*lock)(struct shed *shed, const struct visit *visit);
};
"""
MODULE = b"""\
#include <linux/shed.h>

static void elm_lock(struct shed *shed, enum why why)
{
\tif (why == WET)
\t\tdry(shed, why);
}

static void oak_lock(struct shed *shed, enum why why)
{
\tsweep(shed);
}

static const struct shed_operations elm_operations = {
\t.lock = elm_lock,
};

static const struct shed_operations oak_operations = {
\t.lock = oak_lock,
};
"""
PORTED = MODULE.replace(
    b"enum why why)\n{\n\tif", b"const struct visit *visit)\n{\n\tenum why why = visit->why;\n\n\tif"
).replace(b"enum why why)", b"const struct visit *visit)")


def test_a_body_gets_what_its_structure_carries(workshop):
    """The body would use a parameter that its head does not have any more, though the header says where it is."""
    port = workshop.port({"elm.c": MODULE}, old={"include/linux/shed.h": OLD}, new={"include/linux/shed.h": NEW})

    assert PORTED == port.ported.texts["elm.c"]
    assert [] == [one.reason for one in port.leftovers]


def method(parameters):
    """A method with some parameters."""
    return Method("shed_operations", Prototype("lock", "void", parameters, "", 1, 1, "", ()), "include/linux/shed.h")


@pytest.mark.parametrize(
    ("members", "value"),
    [
        (b"enum why why;", "{0}->why"),
        (b"enum why why, former;", ""),
        (b"enum why reason;", ""),
        (b"int why;", ""),
        (b"enum why *why;", ""),
    ],
    ids=["it", "two of its type", "another name", "another type", "a pointer to it"],
)
def test_what_carries_it_for_sure(members, value):
    """Any member of that type would be taken for the old parameter."""
    header = b"struct visit {\n\t%s\n};\n" % members
    found = carried(
        method(("enum why why",)),
        method(("const struct visit *visit",)),
        Retyped(0, 0),
        lambda path: read_headers([(path, header)]),
    )

    assert value == found


TWO = b"""\
struct yard { int n; };
struct shed_operations {
\tvoid (*lock)(struct %b *%b);
\tvoid (*look)(struct %b *%b);
};
"""
VISIT = b"struct visit {\n\tstruct yard *yard;\n\tint count;\n};\n"
LOOKS = b"""\
#include <linux/shed.h>

static void elm_look(struct yard *where)
{
\tif (where->n)
\t\tgaze(where);
}

static const struct shed_operations elm_operations = {
\t.look = elm_look,
};
"""


@pytest.mark.parametrize(("name", "followed"), [(b"yard", True), (b"place", False)], ids=["one says it", "none does"])
def test_a_parameter_of_another_name_is_carried_as_that_of_another_method_is(workshop, name, followed):
    """A driver's ->get_station() gave its `wdev` to its own function that takes a `struct net_device *`."""
    old, new = TWO % (b"yard", name, b"yard", b"where"), VISIT + TWO % (b"visit", b"visit", b"visit", b"visit")
    port = workshop.port({"elm.c": LOOKS}, old={"include/linux/shed.h": old}, new={"include/linux/shed.h": new})

    assert followed is (b"{\n\tstruct yard *where = visit->yard;\n" in port.ported.texts["elm.c"])
    assert followed is not any("visit" in one.reason or "where" in one.reason for one in port.leftovers)
