"""Where code uses what changed."""

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Function, Macro, Member, Method
from cocci_gen.port.changes.evolutions import FunctionGone, MacroGone, MemberGone, MethodGone
from cocci_gen.port.changes.mentions import places_of

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


PART = MemberGone(Member("shed", "s_u", "{}", "include/linux/shed.h", 1), alone=True)


@pytest.mark.parametrize(
    ("gone", "text", "lines"),
    [
        (OWNER, b"x = container_of(p, struct shed, owner);\n", (1,)),
        (OWNER, b"x = container_of(p, struct barn, owner);\n", ()),
        (PART, b"struct shed *s;\nfor_each_shed(s, first,\n\ts_u.next) {\n", (3,)),
        (PART, b"struct barn *s;\nfor_each_shed(s, first, s_u.next) {\n", ()),
        (PART, b"struct shed *s;\nunion other s_u;\nuse(s, s_u.next);\n", ()),
    ],
)
def test_a_member_that_a_macro_takes_by_its_name(gone, text, lines):
    """The compiler would find the place, and neither a rule nor port.txt."""
    assert lines == places_of(gone, text)


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


def test_a_macro_that_stands_for_a_member_is_named_as_one():
    """`flow->flowi4_tos` would be found by the compiler alone: behind a structure stands no other macro."""
    gone = MacroGone(Macro("s_owner", -1, "include/linux/shed.h", 1, member=True))
    text = b"struct shed t = {\n\t.s_owner = me,\n};\nint f(struct shed *s)\n{\n\ts->s_owner = t.s_owner;\n}\n"

    assert (2, 6, 6) == places_of(gone, text)


DIG = MethodGone(Method("shed", Prototype("dig", "int", (), "", 1, 1, "", ()), "include/linux/shed.h"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b"\n\t.dig = f,\n\n", (2,)),
        (b"\n\tshed->dig = f;\n\n", (2,)),
        (b"\n\treturn shed->dig(3);\n\n", (2,)),
        (b"\n\tshed.dig = f;\n\n", (2,)),
        (b"\n\tif (shed.dig == f)\n\n", ()),
    ],
    ids=["in a table", "through a pointer", "called", "in a variable", "compared"],
)
def test_places_of_a_method(text, lines):
    """A place would be told on another line, or not at all."""
    assert lines == places_of(DIG, text)


def test_a_macro_of_its_own_is_no_use_of_the_name():
    """A fallback for older kernels (`#ifndef DEFINE_SEMAPHORE`) would be left to a person as a call with too few arguments."""
    gone = MacroGone(Macro("SOW", 1, "include/linux/shed.h", 1))

    assert (4,) == places_of(gone, b"#ifndef SOW\n# define SOW(plot) sow(plot)\n#endif\nint n = SOW(3);\n")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b"extern int dig(struct plot *plot,\n\t       int (*deep)(int n));\n", ()),
        (b"struct plot *dig(void) __must_check;\n", ()),
        (b"const struct plot *\ndig(void);\nint f(void)\n{\n\treturn !dig();\n}\n", (5,)),
        (b"int f(void)\n{\nreturn dig();\n}\n", (3,)),
        (b"int f(void)\n{\nint n = dig(); dig(n);\n}\n", (3, 3)),
        (b"int (*digs)(void) = dig;\n", (1,)),
    ],
)
def test_a_line_that_declares_a_function_is_no_use_of_it(text, lines):
    """A driver's copy of a header that went was told line by line, though nothing called what it declares."""
    gone = FunctionGone(Function("dig", "int", ("struct plot *plot",), "include/linux/plot.h", 1), ())

    assert lines == places_of(gone, text)
