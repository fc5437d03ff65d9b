"""What became of the values that a method returns, where its type changed."""

import pytest

from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.methods.returned import AsBefore, Unknown, Wrapped, returns_text, values_of

OLD = "int f(int n)\n{\n\tif (n)\n\t\treturn n;\n\treturn 0;\n}\n"
KNOWN = Wrapped("ERR_PTR", "NULL", 3, 3, (("PTR_ERR", "ERR_CAST"),))
NEW = OLD.replace("return n", "return ERR_PTR(n)").replace("return 0", "return NULL")


@pytest.mark.parametrize(
    ("kinds", "bodies", "values"),
    [
        (("int", "struct plot *"), [(OLD, NEW)] * 3, Wrapped("ERR_PTR", "NULL", 3, 3)),
        (
            ("int", "struct plot *"),
            [(OLD, NEW.replace("NULL", "n2plot(0)"))] * 3,
            Wrapped("ERR_PTR", "ERR_PTR(0)", 3, 3),
        ),
        (
            ("int", "struct plot *"),
            [(OLD, NEW.replace("ERR_PTR(n);", "n ? ERR_PTR(n) : NULL;"))] * 3,
            Wrapped("ERR_PTR", "NULL", 3, 3),
        ),
        (("int", "struct plot *"), [(OLD, NEW)] * 2, Unknown(2)),
        (("int", "struct plot *"), [(OLD, NEW), (OLD, OLD)] * 3, Unknown(6)),
        (("int", "struct plot *"), [(OLD, NEW.replace("return NULL;", ""))] * 3, Unknown(0)),
        (
            ("int", "struct plot *"),
            [(OLD + "int g(int n)\n{\n\treturn PTR_ERR(n);\n}\n", NEW + "int g(int n)\n{\n\treturn ERR_CAST(n);\n}\n")]
            * 3,
            Wrapped("ERR_PTR", "NULL", 3, 3, (("PTR_ERR", "ERR_CAST"),)),
        ),
        (("int", "bool"), [], Unknown(0)),
        (("bool", "long"), [], Unknown(0)),
        (("int", "bool"), [(OLD, OLD.replace("return 0", "return false"))] * 2, AsBefore()),
        (("bool", "int"), [(OLD.replace("return 0", "return false"), OLD)] * 2, AsBefore()),
        (
            ("int", "bool"),
            [(OLD, OLD.replace("return 0", "return true").replace("return n", "return !n"))] * 3,
            Unknown(6),
        ),
        (("int", "bool"), [(OLD, OLD)] * 4 + [(OLD, OLD.replace("return 0", "return true"))], Unknown(10)),
        (("int", "bool"), [(OLD, OLD)], Unknown(2)),
        (("int", "unsigned long"), [], AsBefore()),
        (("u8 *", "const u8 *"), [], AsBefore()),
        (("const u8 *", "u8 *"), [], Unknown(0)),
        (("u32", "unsigned int"), [], AsBefore()),
        (("int", "void"), [], Unknown(0)),
    ],
    ids=[
        "wrapped",
        "no constant for 0",
        "under a condition",
        "too few",
        "half of them",
        "other returns",
        "undone",
        "true or false",
        "a number by now",
        "true for what was not 0",
        "0 for what was false",
        "the opposite",
        "once the opposite",
        "two are too few",
        "numbers",
        "a const that came",
        "a const that went",
        "one type",
        "nothing",
    ],
)
def test_values_are_learned_from_those_that_followed(kinds, bodies, values):
    """A number would be returned as a pointer, or go through a function on which the tree does not agree."""
    assert values == values_of(*kinds, bodies)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b"return dig(n);", b"return ERR_PTR(dig(n));"),
        (b"return -1;", b"return ERR_PTR(-1);"),
        (b"return 0;", b"return NULL;"),
        (b"return ERR_PTR(n);", b"return ERR_PTR(n);"),
        (b"return NULL;", b"return NULL;"),
        (b"return PTR_ERR(p);", b"return ERR_CAST(p);"),
        (b"return ERR_CAST(p);", b"return ERR_CAST(p);"),
        (b"return (n);", b"return ERR_PTR(n);"),
        (b"return (0);", b"return NULL;"),
        (b"return (ERR_PTR(n));", b"return (ERR_PTR(n));"),
        (b"return (PTR_ERR(p));", b"return ERR_CAST(p);"),
    ],
)
def test_a_value_is_wrapped_once(workshop, line, wanted):
    """A second run, or a module that is ported by half, would wrap it twice."""
    rule = PortRule("r", "r", "", returns_text(KNOWN, "r", ["f"]), Declarations(), ())
    text = b"struct plot *f(int n)\n{\n\tif (n)\n\t\t%s\n\treturn n ? ERR_PTR(n) : NULL;\n}\n"
    text = text.replace(b"\treturn n ? ERR_PTR(n) : NULL;\n", b"\treturn ERR_PTR(n);\n")
    ported = apply_rules([rule], {"a.c": text % line}, workshop.runner)

    assert text % wanted == ported.texts["a.c"]
    assert () == ported.refused
