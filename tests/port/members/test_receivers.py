"""Whose a member is, line by line."""

import pytest

from cocci_gen.port.changes.declared import Member
from cocci_gen.port.changes.evolutions import MemberGone
from cocci_gen.port.lessons.types import read_types
from cocci_gen.port.members.receivers import Receivers
from cocci_gen.port.texts.instances import read_code

HEADER = b"struct shed {\n\tstruct barn *barn;\n\tstruct gate gate;\n};\nstruct shed *shed_of(int n);\n"


def others(text, *, alone):
    """The lines of a text on which `owner` is not that of `struct shed`."""
    gone = MemberGone(Member("shed", "owner", "int", "include/linux/shed.h", 1), alone=alone)
    return Receivers(read_code([("a.c", text)], frozenset()), read_types([HEADER])).others("a.c", gone)


@pytest.mark.parametrize(
    ("own", "lines"),
    [
        (b"struct ops {\n\tint (*owner)(int n);\n};\n", {4, 5}),
        (b"struct box {\n\tint owner : 1;\n};\n", {4, 5}),
        (b"int owner;\n\n\n", set()),
    ],
    ids=["a method of its own", "a member of its own", "a variable"],
)
def test_a_macro_of_the_code_means_its_own_structures_where_they_have_such_a_member(own, lines):
    """A driver's `#define cb ops.offline` was told as a use of a structure of the kernel."""
    text = own + b"#define owner_cb ops.owner\n#define owner_of(p) ((p)->owner)\n"

    assert lines == others(text, alone=True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"x = shed->owner;", True),
        (b"x = shed_of(1)->owner;", True),
        (b"x = ((struct shed *)p)->owner;", True),
        (b"x = shed->barn->owner;", False),
        (b"x = barn->owner;", False),
        (b"x = mystery(1)->owner;", False),
        (b"x = shed->owner + barn->owner;", True),
        (b"*shed = (struct shed) { .owner = 1 };", True),
        (b"*shed = (struct shed) { .gate = { .owner = 1 } };", False),
        (b"*barn = (struct barn) { .owner = 1 };", False),
    ],
)
def test_a_member_whose_name_others_have_counts_for_its_own_structure(line, told):
    """`--list` told of 442 places where `struct fd` lost its flags, and of none it was true."""
    text = b"void f(struct shed *shed, struct barn *barn, void *p)\n{\n\t%s\n}\n" % line

    assert (3 not in others(text, alone=False)) is told


@pytest.mark.parametrize(
    ("variable", "body", "told"),
    [
        (b"static struct shed *only;", b"x = only->owner;", True),
        (b"struct shed only[3] = { 0 };", b"x = only->owner;", True),
        (b"static struct barn *only;", b"x = only->owner;", False),
        (b"static struct shed *only;", b"struct barn *only; x = only->owner;", False),
        (b"static struct shed *only; ", b"x = mystery()->owner;", False),
    ],
    ids=["a pointer", "an array", "another structure", "a local of that name", "nobody knows"],
)
def test_the_variables_of_a_file_have_their_types(variable, body, told):
    """A driver keeps its class in one, and what it sets there was neither ported nor told."""
    text = variable + b"\nvoid f(void)\n{\n\t%s\n}\n" % body

    assert (4 not in others(text, alone=False)) is told


def test_a_name_of_this_member_alone_counts_where_nobody_knows_the_type():
    """A macro in front of the member would hide every use of it."""
    text = b"void f(void *p)\n{\n\tx = mystery(p)->owner;\n}\n"

    assert frozenset() == others(text, alone=True)


def test_tables_are_told_by_their_types():
    """`.owner = THIS_MODULE` stands in a dozen tables of a driver, of which one lost it."""
    text = (
        b"static struct shed a = {\n\t.owner = 1,\n};\nstatic struct barn b = {\n\t.owner = 1,\n};\n"
        b"static struct barn c[] = {\n\t{ .owner = 1 },\n};\nstatic shed_t d = {\n\t.owner = 1,\n};\n"
    )

    assert {5, 8} == others(text, alone=True)


@pytest.mark.parametrize(
    ("named", "declared", "told"),
    [
        (b"typedef struct shed *shed_t;", b"shed_t it", True),
        (b"typedef struct shed shed_t;", b"const shed_t *it", True),
        (b"typedef struct shed {\n\tint n;\n} shed_t, *shed_ptr;", b"shed_ptr it", True),
        (b"typedef struct {\n\tstruct shed **all;\n} yard_t;", b"yard_t *yard", True),
        (b"typedef struct barn *shed_t;", b"shed_t it", False),
        (b"", b"shed_t it", False),
    ],
    ids=["a pointer", "the structure", "defined there", "a structure without a tag", "another one", "nobody knows"],
)
@pytest.mark.parametrize("place", ["parameter", "local"])
def test_a_structure_is_known_by_its_other_names(named, declared, told, place):
    """A driver's `group_ptr_t group` kept its pages, and what became of `group->pages[i]->index` was neither done nor told."""
    used = b"it->owner" if declared.endswith(b"it") else b"yard->all[2]->owner"
    head, inside = (declared, b"") if place == "parameter" else (b"void", declared + b" = get(); ")
    text = b"void f(%s)\n{\n\t%sx = %s;\n}\n%s\n" % (head, inside, used, named)
    types = read_types([HEADER, text])
    gone = MemberGone(Member("shed", "owner", "int", "include/linux/shed.h", 1), alone=False)

    assert (3 in Receivers(read_code([("a.c", text)], frozenset()), types).ours("a.c", gone)) is told


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (b"int f(struct yard *yard)\n{\n\treturn yard->shed->owner;\n}\n", {3}),
        (b"int f(void)\n{\n\treturn shed_of(1)->owner;\n}\n", {3}),
        (b"int f(struct yard *yard)\n{\n\treturn yard->barn->owner;\n}\n", set()),
        (b"int f(struct yard *yard)\n{\n\treturn barn->shed + barn->owner;\n}\n", set()),
        (b'int f(struct yard *yard)\n{\n\tsay("yard->shed->owner");\n}\n', set()),
        (b"int f(struct yard *yard, struct shed *shed)\n{\n\treturn yard->shed->owner;\n}\n", set()),
    ],
    ids=["a member", "a function", "another structure", "nobody knows", "a string", "named, so that it is met anyway"],
)
def test_a_member_is_reached_by_way_of_other_structures(code, lines):
    """A driver's `port->state->xmit` was not told: it never names `struct uart_state`, and others have an `xmit`."""
    types = read_types([HEADER, b"struct yard {\n\tstruct shed *shed;\n\tstruct barn *barn;\n};\n", code])
    gone = MemberGone(Member("shed", "owner", "int", "include/linux/shed.h", 1), alone=False)

    assert lines == Receivers(read_code([("a.c", code)], frozenset()), types).reached("a.c", gone)
