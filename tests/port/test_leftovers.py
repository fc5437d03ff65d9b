"""What is told to be left."""

import pytest

from cocci_gen.port.declared import Function, Macro, Member, read_headers
from cocci_gen.port.evolutions import FunctionChanged, FunctionGone, MacroGone, MemberGone, compare, header_differences
from cocci_gen.port.instances import read_code
from cocci_gen.port.leftovers import Leftover, grouped, places_of, unchanged_calls
from cocci_gen.port.parameters import steps_between
from cocci_gen.port.trees import of_texts
from cocci_gen.port.used import own_names

OWNER = MemberGone(Member("shed", "owner", "struct person *", "include/linux/shed.h", 1), alone=True)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b"x = shed->owner;\n", (1,)),
        (b"x = sheds[1].owner;\n", (1,)),
        (b"static struct shed s = {\n\t.owner = NULL,\n};\n", (2,)),
        (b"static struct barn b = {\n\t.owner = NULL,\n};\n", ()),
        (b"x = (struct shed) { .owner = NULL };\n", (1,)),
        (b"shed_owner(x);\n", ()),
    ],
)
def test_places_of_a_member_that_went(text, lines):
    """Tables of other structures would be told, or those of this one passed over."""
    assert lines == places_of(OWNER, text)


def test_the_name_of_a_member_is_not_one_of_its_qualifiers():
    """A member behind `const` would seem to have gone, and one named `const` to have come."""
    text = b"struct shed {\n\tconst struct tool * const *tools;\n\tint rows[4];\n\tunsigned wet:1;\n};\n"

    assert {"tools", "rows", "wet"} == {name for _, name in read_headers([("shed.h", text)]).members}


def test_a_header_of_the_machine_that_went_is_told_by_the_name_that_code_gives_it():
    """`#include <asm/spade.h>` would stay, and hide every other error of the file."""
    generic = {"include/asm-generic/spade.h": b"", "include/asm-generic/rake.h": b"", "include/linux/a.h": b""}
    later = {"arch/x86/include/asm/rake.h": b"", "include/linux/a.h": b""}
    _, _, gone = header_differences(of_texts("old", generic), of_texts("new", later))

    assert "include/asm/spade.h" in gone
    assert "include/asm/rake.h" not in gone


@pytest.mark.parametrize(
    ("new", "has", "told"),
    [
        (("struct field *field", "int n"), b"struct plot *plot", 1),
        (("struct field *field", "int n"), b"struct field *plot", 0),
        (("const struct plot *plot", "long n"), b"struct plot *plot", 0),
        (("const void *plot", "int n"), b"struct plot *plot", 0),
    ],
    ids=["the old one", "the new one by the old name", "the same", "anything"],
)
def test_a_function_that_takes_another_structure_is_not_called_as_before(new, has, told):
    """The tree's methods hand their parameter on in the same words, as it changed as well; a module's helper has the old one."""
    old = ("struct plot *plot", "int n")
    sides = [Function("mow", "int", some, "include/linux/shed.h", 1) for some in (old, new)]
    change = FunctionChanged(*sides, steps_between(old, new))
    code = read_code([("a.c", b"int f(%s)\n{\n\treturn mow(plot, 1);\n}\n" % has)], frozenset())

    assert told == len(list(unchanged_calls([change], code.texts, code, {}, frozenset(), frozenset({"mow"}))))


def test_a_variable_of_the_name_of_a_function_is_no_use_of_it():
    """Every line about a local would be left to a person."""
    gone = FunctionGone(Function("validate", "int", ("int a",), "include/linux/shed.h", 1), ())
    text = b"int f(void)\n{\n\tstruct shed validate;\n\n\tvalidate = *in;\n\treturn g(&validate);\n}\n"

    assert () == places_of(gone, text)
    assert (5,) == places_of(gone, text.replace(b"validate = *in", b"validate(3)"))
    assert (6,) == places_of(gone, text.replace(b"shed validate", b"shed other").replace(b"\tvalidate = *in;\n", b"\n"))


def test_a_macro_with_parameters_that_is_not_called_is_none():
    """A module's variable of that name would be told as gone from the kernel, on every line."""
    gone = MacroGone(Macro("is_ripe", 1, "include/linux/shed.h", 1))
    plain = MacroGone(Macro("is_ripe", -1, "include/linux/shed.h", 1))
    text = b"int f(int a)\n{\n\tripe_t is_ripe;\n\n\tis_ripe = is_ripe(a);\n}\n"

    assert (5,) == places_of(gone, text)
    assert (3, 5, 5) == places_of(plain, text)


def test_a_structure_without_its_word_is_the_same_type():
    """Behind a macro that opens a part of a structure the word is not read: every `->thread` would be told."""
    old, new = (
        read_headers([("include/linux/shed.h", b"struct shed {\n\t%sbox box;\n\t%sbox *one;\n};\n" % words)])
        for words in ((b"", b"struct "), (b"struct ", b"union "))
    )

    assert () == compare(old, new, (), ())


def test_the_enumerators_of_the_code_are_its_own():
    """What a module numbers itself would be told to be gone from the kernel."""
    text = b"#define ONE 1\nenum kind { TWO, /* not THREE, */\n\tFOUR = 4,\n\tFIVE };\nint f(void) { return SIX; }\n"

    assert {"ONE", "TWO", "FOUR", "FIVE"} == own_names({"a.c": text})


def test_the_same_about_the_same_is_told_once():
    """A person would read 150 lines of five sentences."""
    left = [
        Leftover("a.c", 3, "mow()", "gone", ("fs/x/x.c: f()",)),
        Leftover("a.c", 9, "mow()", "gone", ("fs/x/x.c: f()",)),
        Leftover("a.c", 12, "mow()", "takes two", ()),
        Leftover("b.c", 7, "mow()", "gone", (), "elm_mow"),
        Leftover("b.c", 0, "rake()", "gone", ()),
    ]

    assert [
        "mow(): gone", "    a.c:3, 9", "    b.c:7 (elm_mow)", "    did it already: fs/x/x.c: f()",
        "mow(): takes two", "    a.c:12", "rake(): gone", "    b.c",
    ] == list(grouped(left))  # fmt: skip


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("mow(plot, 1)", 1),
        ("mow(plot, rake(1, 2), 3)", 0),
        ("mow(plot,\n\t\trake(1, 2))", 1),
        ("mow(plot, 1, 2) + mow(plot, 1)", 1),
    ],
    ids=["as before", "follows", "on two lines", "one of two on a line"],
)
def test_a_call_is_told_by_what_it_is_given(call, told):
    """A rule for something else on its line would hide it; and one that follows on the next line would be told."""
    old, new = ("struct plot *plot", "int n"), ("struct plot *plot", "int n", "int deep")
    sides = [Function("mow", "int", some, "include/linux/shed.h", 1) for some in (old, new)]
    change = FunctionChanged(*sides, steps_between(old, new))
    code = read_code([("a.c", f"int f(struct plot *plot)\n{{\n\treturn {call};\n}}\n".encode())], frozenset())

    assert told == len(list(unchanged_calls([change], {"a.c": b"something else"}, code, {}, frozenset())))


HELD = b"int mow(struct map *map, struct plot *plot);\n"
BY_MAP = HELD.replace(b"struct map *map, struct plot *plot", b"struct idmap *map, struct field *field")


@pytest.mark.parametrize(
    ("head", "call", "line_changed", "told"),
    [
        ("struct plot *p", "mow(&no_map, p)", True, 1),
        ("struct field *p", "mow(&no_map, p)", True, 0),
        ("struct idmap *map, struct field *p", "mow(map, p)", False, 0),
        ("struct idmap *map, struct plot *p", "mow(map, p)", False, 1),
        ("struct other *p", "mow(&no_map, p->field)", False, 1),
    ],
    ids=["half done", "done by a rule", "new already", "half new", "unknown"],
)
def test_a_call_is_told_by_the_structure_that_it_gives(head, call, line_changed, told):
    """A rule for one argument would hide the other one; and who called it rightly all along would be sent to look."""
    (change,) = compare(read_headers([("a.h", HELD)]), read_headers([("a.h", BY_MAP)]), (), ())
    code = read_code([("a.c", f"int f({head})\n{{\n\treturn {call};\n}}\n".encode())], frozenset())
    before = {"a.c": b"something else" if line_changed else code.texts["a.c"]}

    assert told == len(list(unchanged_calls([change], before, code, {}, frozenset())))
