"""Where code uses what changed."""

import pytest

from cocci_gen.port.declared import Function, Macro, Member
from cocci_gen.port.evolutions import FunctionGone, MacroGone, MemberGone
from cocci_gen.port.mentions import places_of

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
