"""Members of a union inside a structure that are members of that one by now."""

import pytest

from cocci_gen.code.texts.source import FunctionSpan
from cocci_gen.port.changes.declared import Member
from cocci_gen.port.changes.evolutions import MemberGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.members.freed_members import freed_rules, loop_rules
from cocci_gen.port.texts.instances import Written
from cocci_gen.port.texts.trees import of_texts

PATH = "include/linux/egg.h"
OLD = "struct egg {\n\tint size;\n\tunion {\n\t\tstruct egg *next;\n\t\tlong age;\n\t} e_u;\n};\n"
NEW = OLD.replace(" e_u", "")
MACRO = "#define for_each_laid(egg, nest) \\\n\tfor_each_egg(egg, (nest)->first, next)\n"
LOOP = "for_each_egg(egg, nest->first, e_u.next)"


def gone(*, alone=True):
    """The union went."""
    return MemberGone(Member("egg", "e_u", "{}", PATH, 3), alone)


def headers(old=OLD, new=NEW):
    """Both kernels, and what their headers declare."""
    trees = tuple(of_texts(name, {PATH: text.encode()}) for name, text in (("old", old), ("new", new)))
    return trees, tuple(declarations_of(tree) for tree in trees)


def freed(old=OLD, new=NEW, *, alone=True):
    """The rules for the members."""
    trees, declared = headers(old, new)
    return list(freed_rules([gone(alone=alone)], trees[0], *declared))


def pair(number, body=LOOP, now="for_each_laid(egg, nest)", rest=" {\n\t}"):
    """A function of the tree before and after."""
    span = FunctionSpan(f"f{number}", 0, 9, 1, 4, static=True, inline=False, whole=True)
    texts = (f"void f{number}(struct nest *nest)\n{{\n\t{one}{rest}\n}}\n".encode() for one in (body, now))
    return Pair(*(Written(f"fs/a{number}/a.c", span, text) for text in texts))


def loops(pairs, new=NEW + MACRO, excluded=()):
    """The rules for the loops."""
    trees, declared = headers(new=new)
    return list(loop_rules([gone()], trees, declared, pairs, excluded))


def test_members_are_named_without_the_union(workshop):
    """Each use would be left to a person, though the headers tell all."""
    code = b"void f(struct egg *egg)\n{\n\tegg->%snext = first(struct egg, %snext);\n\tegg->%sage++;\n}\n"
    ported = apply_rules(freed(), {"a.c": code % (b"e_u.", b"e_u.", b"e_u.")}, workshop.runner)

    assert code % (b"", b"", b"") == ported.texts["a.c"]


def test_a_variable_of_that_name_is_left(workshop):
    """A structure with such a member somewhere else shows that the name stands for other things, too."""
    code = b"void f(struct yolk e_u)\n{\n\te_u.next = 0;\n}\n"

    assert code == apply_rules(freed(alone=False), {"a.c": code}, workshop.runner).texts["a.c"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(OLD, NEW.replace("*next", "next").replace("long age", "int age"), id="other types"),
        pytest.param(OLD, "struct egg {\n\tint size;\n};\n", id="gone altogether"),
        pytest.param(OLD.replace("int size", "long age; struct egg *next"), NEW, id="there were two"),
    ],
)
def test_members_that_are_not_the_same_are_left(old, new):
    """A member of another type or meaning would compile, and be wrong."""
    assert [] == freed(old, new)


def test_a_loop_that_the_tree_writes_with_the_new_macro_is_written_so(workshop):
    """The code would build, and be the only one that does not use what the header has for it."""
    rules = [*freed(), *loops([pair(number) for number in range(3)])]
    code = b"void f(struct nest *n)\n{\n\tstruct egg *e;\n\n\t%s\n\t\tuse(e);\n}\n"
    ported = apply_rules(rules, {"a.c": code % b"for_each_egg(e, n->first, e_u.next)"}, workshop.runner)

    assert code % b"for_each_laid(e, n)" == ported.texts["a.c"]


@pytest.mark.parametrize(
    ("pairs", "new"),
    [
        pytest.param([pair(1), pair(2)], NEW + MACRO, id="two functions"),
        pytest.param(
            [*map(pair, range(3)), pair(3, now="for_each_egg(egg, nest->first, next)")], NEW + MACRO, id="3 of 4"
        ),
        pytest.param([pair(number, rest=";") for number in range(3)], NEW + MACRO, id="no loop"),
        pytest.param([*map(pair, range(3))], NEW + "#ifdef CONFIG_EGG\n" + MACRO + "#endif\n", id="for some alone"),
        pytest.param(
            [*map(pair, range(3))], NEW + MACRO.replace("(nest)->first", "first"), id="a parameter is not used"
        ),
    ],
)
def test_what_the_tree_does_not_show_is_no_loop(pairs, new):
    """A macro that only looks like the loop would take its place."""
    assert [] == loops(pairs, new)


def test_code_that_is_left_out_shows_no_loop():
    """A file system would be measured by what it taught itself."""
    assert [] == loops([pair(number) for number in range(3)], excluded=("fs/a1",))
