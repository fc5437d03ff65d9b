"""Templates that would give a member the place of one of another type."""

import pytest

from cocci_gen.port.changes.declared import Function, Member
from cocci_gen.port.changes.evolutions import FunctionGone, MemberGone
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.retyped_members import lost_types
from cocci_gen.port.texts.terms import HOLE

GONE = MemberGone(Member("move", "from", "struct plot *", "include/linux/move.h", 1), alone=True)


def member(name, tag=""):
    """`E0->name`, as functions of the tree are read."""
    field = ("field_identifier", name, tag) if tag else ("field_identifier", name)
    return ("field_expression", (HOLE, 0), "->", field)


@pytest.mark.parametrize(
    ("declared", "right", "lost"),
    [
        (b"struct field *start;", member("start"), ("the type `struct plot *`",)),
        (b"struct plot start;", member("start"), ("the type `struct plot *`",)),
        (b"struct plot *start;", member("start"), ()),
        (b"struct field *start;", member("end"), ()),
        (b"struct field *start;", ("call_expression", ("identifier", "start_of"), ("argument_list", (HOLE, 0))), ()),
    ],
    ids=["another structure", "no pointer", "the same", "not declared", "a function"],
)
def test_a_member_of_another_type_takes_no_place(declared, right, lost):
    """`rd.old_dir = d_inode(parent)` became `rd.old_parent = d_inode(parent)`, an inode where a dentry belongs."""
    headers = read_headers([("include/linux/move.h", b"struct move {\n\t%s\n};\n" % declared)])

    assert lost == lost_types([GONE], lambda path: headers)(Template(member("from", "move"), right, ()))


@pytest.mark.parametrize(
    ("declared", "lost"),
    [
        (b"void set_plot(struct way *way, struct plot *plot);", ()),
        (b"void set_plot(struct way *way, const struct plot *plot);", ()),
        (b"void set_plot(way_t way, struct plot *plot);", ()),
        (b"void set_plot(struct way *way, struct field *field);", ("the type `struct plot *`",)),
        (b"void set_field(struct way *way, struct field *field);", ()),
    ],
    ids=["the same", "only const", "not told", "another structure", "not declared"],
)
def test_a_function_that_takes_something_else_follows_by_no_name(declared, lost):
    """A page would be given where a folio belongs: who made the step changed what they gave along with the name."""
    old = Function("scratch_plot", "void", ("struct way *way", "struct plot *plot"), "include/linux/move.h", 1)
    headers = read_headers([("include/linux/move.h", declared + b"\n")])
    template = Template(("identifier", "scratch_plot"), ("identifier", "set_plot"), ())

    assert lost == lost_types([FunctionGone(old, ())], lambda path: headers)(template)
