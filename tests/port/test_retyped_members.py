"""Templates that would give a member the place of one of another type."""

import pytest

from cocci_gen.port.declared import Member
from cocci_gen.port.evolutions import MemberGone
from cocci_gen.port.generalise import Template
from cocci_gen.port.header_declarations import read_headers
from cocci_gen.port.retyped_members import lost_types
from cocci_gen.port.terms import HOLE

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
