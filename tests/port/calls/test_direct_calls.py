"""Calls of functions whose parameters went or moved."""

import pytest

from cocci_gen.code.texts.source import file_facts
from cocci_gen.port.calls.direct_calls import direct_rules
from cocci_gen.port.changes.declared import Function
from cocci_gen.port.changes.evolutions import FunctionChanged
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.generalise import read_function
from cocci_gen.port.lessons.rules import Declarations, Learned
from cocci_gen.port.texts.instances import Written
from cocci_gen.port.texts.parameters import steps_between
from cocci_gen.port.texts.terms import holes_in

ENOUGH = Learned(3, 3, 2, (), ())
NOTHING = Learned(0, 0, 0, (), ())
OLD = ("struct shed *shed", "int rows", "struct hay *hay", "long when")


def rules(new, old=OLD, shown=NOTHING, returns="int"):
    """The rules for mow(), whose parameters are these by now, and of which the tree shows this."""
    sides = (Function("mow", "int", old, "a.h", 1), Function("mow", returns, new, "a.h", 1))
    return list(direct_rules([FunctionChanged(*sides, steps_between(old, new))], lambda template: shown))


@pytest.mark.parametrize(
    ("new", "call", "wanted"),
    [
        (("int rows", "long when"), "mow(s, 1, &h, t)", "mow(1, t)"),
        (("int rows", "long when"), "mow(NULL, a + b, s->hay, rake(t))", "mow(a + b, rake(t))"),
        (("struct hay *hay", "struct shed *shed", "int rows", "long when"), "mow(s, 1, h, t)", "mow(h, s, 1, t)"),
        (
            ("struct hay *hay", "struct shed *shed", "int rows", "long when"),
            "mow(s, 1, any(), t)",
            "mow(s, 1, any(), t)",
        ),
        (("int rows", "long when"), "mow(shed_of(p), 1, h, t)", "mow(shed_of(p), 1, h, t)"),
        (("int rows", "long when"), "mow(s++, 1, h, t)", "mow(s++, 1, h, t)"),
        (("int rows", "long when"), "mow(s, 1, h = g, t)", "mow(s, 1, h = g, t)"),
        (("int rows", "long when"), "mow(s, 1, h)", "mow(s, 1, h)"),
    ],
    ids=["went", "any others", "moved", "of no known type", "calls", "steps", "sets", "of another number"],
)
def test_what_the_declarations_tell_is_given(workshop, new, call, wanted):
    """Each caller would be left to a person; or a call in an argument be lost without a word."""
    text = "int f(struct shed *s, struct hay *h)\n{\n\treturn %s;\n}\n"
    ported = apply_rules(rules(new), {"a.c": (text % call).encode()}, workshop.runner)

    assert text % wanted == ported.texts["a.c"].decode()
    assert () == ported.refused


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("int a", "int b"), ("int c",)),
        (OLD, ("struct barn *barn", "int rows")),
        (OLD, (*OLD, "int more")),
        (OLD, OLD),
        ((*OLD, "..."), OLD),
        (("int a", "long b"), ("long b", "int a")),
    ],
    ids=["either", "of another type", "one more", "none", "any number", "numbers that changed places"],
)
def test_what_they_do_not_tell_is_left(old, new):
    """The other number would be dropped, or the new parameter be whatever stood there."""
    assert [] == rules(new, old)


@pytest.mark.parametrize(("shown", "count"), [(NOTHING, 0), (Learned(2, 2, 2, (), ()), 0), (ENOUGH, 1)])
def test_a_number_is_dropped_where_the_tree_did_so(shown, count):
    """`lock_sheds(shed, false)` unlocked, and would lock by now."""
    assert count == len(rules(("struct shed *shed",), ("struct shed *shed", "bool lock"), shown))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("s, len", "s"),
        ("s, 4", "s"),
        ("s, end - s->rows", "s, end - s->rows"),
        ("s, (size_t)(len + 1)", "s, (size_t)(len + 1)"),
    ],
)
def test_a_number_that_was_computed_is_not_dropped(workshop, given, wanted):
    """`parse_string(fc, "source", p, size - 1)` would take the whole string by now, and the compiler be content."""
    made = rules(("struct shed *shed",), ("struct shed *shed", "long len"), ENOUGH)
    text = "int f(struct shed *s, long len, long end)\n{\n\treturn mow(%s);\n}\n"
    ported = apply_rules(made, {"a.c": (text % given).encode()}, workshop.runner)

    assert text % wanted == ported.texts["a.c"].decode()


def test_the_tree_goes_before():
    """Where all others had to do something else for the parameter that went, the declaration is half of the truth."""
    new = ("int rows", "long when")
    good, bad = (Learned(count, 5, 2, (), ()) for count in (4, 3))

    assert [Declarations()] == [one.ground for one in rules(new)]
    assert [good] == [one.ground for one in rules(new, shown=good)]
    assert [] == rules(new, shown=bad)
    assert [] == rules(new, returns="long")


@pytest.mark.parametrize(
    ("before", "now", "count"),
    [
        (b"", b"\tstruct hay *hay;\n", 0),
        (b"\tstruct hay *hay;\n", b"\tstruct hay *hay;\n", 1),
        (b"", b"\tstruct fork *fork;\n", 1),
    ],
    ids=["has it by now", "had it before", "something else"],
)
def test_what_the_structure_has_to_carry_by_now_is_not_dropped(before, now, count):
    """iomap_writepages(wpc) would look for the wbc that nobody put there, and the compiler be content."""
    sides = [read_headers([("a.h", b"struct shed {\n\tint rows;\n%s};\n" % more)]) for more in (before, now)]
    new = ("struct shed *shed", "int rows", "long when")
    functions = (Function("mow", "int", one, "a.h", 1) for one in (OLD, new))
    change = FunctionChanged(*functions, steps_between(OLD, new))

    found = direct_rules([change], lambda template: NOTHING, *((lambda path, one=one: one) for one in sides))

    assert count == len(list(found))


BARE_OLD = ("struct shed *", "unsigned", "unsigned", "struct hay **")
BARE_NEW = ("struct shed *", "unsigned", "struct hay **")


@pytest.mark.parametrize(
    ("drops", "wanted"),
    [((2,), "mow(s, n, h)"), ((1,), "mow(s, flags, h)"), ((1, 2), None), ((), None)],
    ids=["the second", "the first", "either", "neither"],
)
def test_the_tree_tells_which_of_two_neighbours_of_one_type_went(workshop, drops, wanted):
    """cont_write_begin() of three file systems stayed as it was, as its declaration has no names (5.10 to 6.1)."""
    sides = (Function("mow", "int", some, "a.h", 1) for some in (BARE_OLD, BARE_NEW))
    change = FunctionChanged(*sides, steps_between(BARE_OLD, BARE_NEW))

    def counted(template):
        holes = [one for one in holes_in(template.left) if one not in set(holes_in(template.right))]
        return ENOUGH if holes[0] in drops else Learned(0, 3, 0, (), ())

    text = "int f(struct shed *s, struct hay **h, unsigned n, unsigned flags)\n{\n\treturn %s;\n}\n"
    made = list(direct_rules([change], counted))
    ported = apply_rules(made, {"a.c": (text % "mow(s, n, flags, h)").encode()}, workshop.runner)

    assert text % (wanted or "mow(s, n, flags, h)") == ported.texts["a.c"].decode()
    assert bool(wanted) is bool(made)


def caller(group, given, after="mow(s)"):
    """A function of a group that called mow(), before and after."""
    texts = [
        f"int f(struct shed *s, int n)\n{{\n\treturn {call};\n}}\n".encode() for call in (f"mow(s, {given})", after)
    ]
    sides = [Written(f"fs/{group}/a.c", file_facts(text, ()).functions[0], text) for text in texts]
    return read_function(Pair(*sides), {}, lambda types, term: None)


@pytest.mark.parametrize(
    ("call", "others", "wanted"),
    [
        ("mow(s, n)", [], "mow(s)"),
        ("mow(s, 0)", [], "mow(s)"),
        ("mow(s, AT_NIGHT)", [], "mow(s, AT_NIGHT)"),
        ("mow(s, n | AT_NIGHT)", [("a", "AT_NIGHT"), ("b", "AT_NIGHT")], "mow(s, n | AT_NIGHT)"),
        ("mow(s, AT_NIGHT)", [("a", "AT_NIGHT"), ("b", "AT_NIGHT")], "mow(s)"),
        ("mow(s, AT_NIGHT)", [("a", "AT_NIGHT"), ("a", "AT_NIGHT")], "mow(s, AT_NIGHT)"),
        ("mow(s, AT_NIGHT)", [("a", "AT_DAY"), ("b", "AT_DAY")], "mow(s, AT_NIGHT)"),
    ],
    ids=["handed on", "nothing", "named", "computed", "named as others did", "of one group", "others named another"],
)
def test_a_constant_that_a_caller_names_is_dropped_where_others_dropped_it(workshop, call, others, wanted):
    """Where the tree dropped its `flags`, `AOP_FLAG_NOFS` went too, and the page was allocated with what may recurse into the
    file system (fs/iomap, 5.10 to 6.1)."""
    old, new = ("struct shed *shed", "unsigned flags"), ("struct shed *shed",)
    sides = (Function("mow", "int", some, "a.h", 1) for some in (old, new))
    change = FunctionChanged(*sides, steps_between(old, new))
    examples = [caller(*one) for one in others]
    text = "int f(struct shed *s, unsigned n)\n{\n\treturn %s;\n}\n"
    made = list(direct_rules([change], lambda template: ENOUGH, callers=lambda name: examples))
    ported = apply_rules(made, {"a.c": (text % call).encode()}, workshop.runner)

    assert () == ported.refused
    assert text % wanted == ported.texts["a.c"].decode()
