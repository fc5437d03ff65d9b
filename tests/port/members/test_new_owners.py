"""Members that another structure has by now."""

import pytest

from cocci_gen.port.changes.declared import Member
from cocci_gen.port.changes.evolutions import MemberGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.members.new_owners import owner_rules
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

GONE = MemberGone(Member("stall", "rows", "unsigned long", "a.h", 1), alone=False)
HEADER = b"struct barn {\n\tunsigned long rows;\n};\nstruct crate {\n\tunsigned long rows;\n};\n"
CODE = "int f(struct stall *s, struct other *o)\n{\n\ts->rows = 1;\n\treturn s->rows + o->rows;\n}\n"


def rules(header=HEADER, ways=(b"barn",), groups=10):
    """The rules for a member of which this header tells, in a tree that comes from stalls to these."""
    text = b"int g%d(struct stall *s)\n{\n\tstruct %s *b = %s_of(s);\n\n\treturn b->x;\n}\n"
    files = [(f"fs/a{n}/{way.decode()}.c", text % (n, way, way)) for way in ways for n in range(groups)]
    habits = Habits(one for ones in read_code(files, frozenset()).functions.values() for one in ones)
    return list(owner_rules([GONE], habits, declarations_of(of_texts("new", {"a.h": header}))))


def test_the_member_is_taken_from_the_structure_that_has_it(workshop):
    """Each use of a member that only moved would be left to a person."""
    ported = apply_rules(rules(), {"a.c": CODE.encode()}, workshop.runner)

    assert CODE.replace("s->rows", "barn_of(s)->rows") == ported.texts["a.c"].decode()
    assert () == ported.refused


@pytest.mark.parametrize(
    "given",
    [
        {"header": HEADER.replace(b"unsigned long", b"int")},
        {"header": HEADER.replace(b"rows", b"lines")},
        {"groups": 2},
        {"ways": (b"barn", b"crate")},
        {"ways": (b"silo",)},
    ],
    ids=["of another type", "of another name", "few come from there", "two have it", "no way to those that have it"],
)
def test_what_only_looks_like_it_is_left(given):
    """A number of something else would be read by the same name."""
    assert [] == rules(**given)
