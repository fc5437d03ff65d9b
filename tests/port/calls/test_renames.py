"""Functions and members that have another name by now."""

import pytest

from cocci_gen.port.calls.renames import function_rules, member_rules
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.evolutions import FunctionGone
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.lessons.rules import Declarations, Learned
from cocci_gen.port.members.accessors import declarations_of
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

OLD = b"int full_page(struct page *page, get_t *get, struct ctl *ctl);\nint mow(int n);\n"
NEW = b"int full_folio(struct folio *folio, struct ctl *ctl, void *get);\nint cut(int n);\n"
WAY = b"int g%d(struct page *p)\n{\n\tstruct folio *b = folio_of(p);\n\n\treturn b->x;\n}\n"
NOTHING = Learned(0, 0, 0, (), ())


def functions(new, groups=12, old=OLD, defined=""):
    """The rules for the functions of a header that is this by now, `defined` so before."""
    sides = [read_headers([("a.h", text)]) for text in (old, new)]
    headers = tuple(declarations_of(of_texts("a", {"a.h": text})) for text in (old, new))
    files = [(f"fs/a{n}/a.c", WAY % n) for n in range(groups)]
    habits = Habits(one for ones in read_code(files, frozenset()).functions.values() for one in ones)
    gone = [one for one in compare(*sides, (), ()) if isinstance(one, FunctionGone)]
    return list(function_rules(gone, headers, habits, lambda name: defined))


def test_a_function_that_takes_folios_follows_one_that_took_pages(workshop):
    """Every ->writepage of block devices would call what is not there, though the header names the successor."""
    rules = functions(NEW)
    code = "int f(struct page *p, struct ctl *c)\n{\n\treturn %s;\n}\n"
    ported = apply_rules(rules, {"a.c": (code % "full_page(p, mine, c)").encode()}, workshop.runner)

    assert code % "full_folio(folio_of(p), c, mine)" == ported.texts["a.c"].decode()
    assert ["full_page()"] == [one.evolution for one in rules]


@pytest.mark.parametrize(
    "given",
    [
        {"new": NEW, "groups": 2},
        {"new": NEW.replace(b"int full", b"long full")},
        {"new": NEW.replace(b", void *get", b"")},
        {"new": NEW.replace(b"void *get", b"long get")},
        {"new": NEW.replace(b"full_folio", b"whole_folio")},
        {"new": NEW + b"int fullfolio(struct folio *folio, struct ctl *ctl, void *get);\n"},
    ],
    ids=["no way there", "returns", "less", "of another type", "named otherwise", "two of them"],
)
def test_what_only_looks_like_a_successor_is_none(given):
    """A function of the same words that does something else would be called."""
    assert [] == functions(**given)


@pytest.mark.parametrize(
    ("defined", "rules"),
    [
        ("int full_page(struct page *page)\n{\n\treturn full_folio(folio_of(page));\n}", 1),
        ("int full_page(struct page *page)\n{\n\treturn page->full;\n}", 0),
        ("", 0),
    ],
    ids=["it called that", "it did something else", "nobody knows"],
)
def test_what_was_there_beside_is_another_function(defined, rules):
    """How often one page is mapped would become how often its whole folio is, and the compiler would be content."""
    both = OLD + NEW.partition(b"\n")[0] + b"\n"

    assert rules == len(functions(NEW, old=both, defined=defined))


def test_members_with_the_same_word_for_another_were_renamed_together():
    """Each of them alone could be something else."""
    old = b"struct way {\n\tint child_port;\n\tlong lock;\n\tstruct map *child_dev;\n\tint %s;\n};\n" % b"no_reed_beds"
    new = old.replace(b"child", b"dest").replace(b"no_reed_beds", b"no_oak_tables")
    sides = [read_headers([("a.h", text)]) for text in (old, new)]
    headers = [declarations_of(of_texts("a", {"a.h": text})) for text in (old, new)]
    rules = member_rules(compare(*sides, (), ()), *headers, lambda template: NOTHING)

    assert ["way.child_dev is dest_dev by now", "way.child_port is dest_port by now"] == [one.title for one in rules]


def test_what_has_the_same_word_and_was_there_before_takes_nothing():
    """`old_state` would keep `state` from being `state_to_destroy` by now."""
    old = b"struct row {\n\tint seed;\n\tstruct map *state, *old_state;\n};\n"
    new = old.replace(b"*state,", b"*state_to_mow,")
    sides = [read_headers([("a.h", text)]) for text in (old, new)]
    headers = [declarations_of(of_texts("a", {"a.h": text})) for text in (old, new)]
    rules = member_rules(compare(*sides, (), ()), *headers, lambda template: NOTHING)

    assert ["row.state is state_to_mow by now"] == [one.title for one in rules]


FIELD = b"struct move {\n\tint from;\n\tstruct map *old_map;\n\tstruct hay *hay;\n\tint to;\n};\n"


def members(new, shown=NOTHING):
    """The rules for the members of a structure that is this by now."""
    sides = [read_headers([("a.h", text)]) for text in (FIELD, new)]
    headers = [declarations_of(of_texts("a", {"a.h": text})) for text in (FIELD, new)]
    return list(member_rules(compare(*sides, (), ()), *headers, lambda template: shown))


def test_a_member_with_another_name_is_named_so(workshop):
    """Each use would be left to a person."""
    new = FIELD.replace(b"old_map", b"old_idmap_map").replace(b"int to", b"int to_where")
    code = "int f(struct move *m)\n{\n\tstruct move o = {\n\t\t.old_map = x,\n\t\t.hay = y,\n\t};\n\tm->to = o.to + old->to;\n}\n"
    ported = apply_rules(members(new), {"a.c": code.encode()}, workshop.runner)
    wanted = code.replace(".old_map", ".old_idmap_map").replace("m->to", "m->to_where").replace("o.to", "o.to_where")

    assert wanted == ported.texts["a.c"].decode()
    assert () == ported.refused


@pytest.mark.parametrize(
    "new",
    [
        FIELD.replace(b"old_map", b"__old_map"),
        FIELD.replace(b"old_map", b"wheel"),
        FIELD.replace(b"struct map *old_map", b"long new_map"),
        FIELD.replace(b"struct map *old_map", b"struct idmap *new_map"),
        FIELD.replace(b"old_map", b"old_plan"),
        FIELD.replace(b"old_map", b"old_map_rx").replace(b"\tint to;", b"\tint to;\n\tstruct map *old_map_tx;"),
        FIELD.replace(b"\tstruct map *old_map;\n", b""),
        FIELD.replace(b"\tstruct map *old_map;\n", b"\tstruct map *first_map;\n\tstruct map *last_map;\n"),
    ],
    ids=["for nobody", "another word", "another type", "another structure", "one word", "one of two", "none", "two"],
)
def test_what_only_stands_there_is_no_member_of_another_name(new):
    """What means something else by now would be used as before: the name was changed to prevent it."""
    assert [] == members(new)


def test_the_tree_goes_before_the_place():
    """Where the others go through a helper, the new name is for that helper."""
    new = FIELD.replace(b"old_map", b"map")

    assert [Declarations()] == [one.ground for one in members(new)]
    assert [0.8] == [one.ground.share for one in members(new, Learned(4, 5, 2, (), ()))]
    assert [] == members(new, Learned(3, 5, 2, (), ()))


MARKED = b"struct barn {\n\tint b_doors;\n\tspinlock_t lock;\n\tvoid *%s;\n};\n"
MOVED = b"struct barn {\n\tvoid *%s;\n\tspinlock_t lock;\n\tint b_doors;\n\tint b_roof;\n};\n"


@pytest.mark.parametrize(
    ("new", "named"),
    [
        (MOVED % b"b_private_hay", ["b_private_hay"]),
        (MOVED % b"x_private_hay", []),
        (MOVED % b"max_private_hay", []),
        (MOVED.replace(b"void *", b"char *") % b"b_private_hay", []),
    ],
    ids=["with the mark", "no mark of it", "another word", "another type"],
)
def test_a_member_that_got_the_mark_of_its_structure_is_itself(new, named):
    """`mapping->private_data` is `i_private_data` by now, at another place; `max_size` is not what `size` was."""
    old = MARKED % b"private_hay"
    sides = [read_headers([("a.h", text)]) for text in (old, new)]
    headers = [declarations_of(of_texts("a", {"a.h": text})) for text in (old, new)]
    rules = member_rules(compare(*sides, (), ()), *headers, lambda template: NOTHING)

    assert [f"barn.private_hay is {name} by now" for name in named] == [one.title for one in rules]
