"""Locals of the code itself that only pass between functions which take another structure now."""

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.calls.passed_locals import passed_locals
from cocci_gen.port.changes.declared import Function, Method
from cocci_gen.port.changes.evolutions import FunctionChanged, MethodChanged
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.types import read_types
from cocci_gen.port.methods.head_plans import HeadPlan
from cocci_gen.port.texts.instances import by_method, read_code
from cocci_gen.port.texts.parameters import steps_between

BEGIN = (("int n", "struct plot **plotp"), ("int n", "struct field **fieldp"))
END = (("int n", "struct plot *plot"), ("int n", "struct field *field"))
HEADERS = [b"struct meadow {\n\tconst struct meadow_operations *m_op;\n};\n"]
#: The code's own instance of the method, and its table.
OWN = (
    b"static int elm_sow(int n, struct plot **plotp)\n{\n\treturn dig(n, plotp);\n}\n\n"
    b"const struct meadow_operations elm_operations = {\n\t.sow\t= elm_sow,\n};\n\n"
)
HEAD = b"int elm_grow(struct meadow *meadow, int n)\n{\n\tint err = 0;\n\n"
LOCAL = b"\tstruct plot *plot;\n"
BODY = b"\terr = %s;\n\tif (!err)\n\t\terr = mow(n, plot);\n"
TWICE = (
    b"\tif (n) {\n\t\tstruct plot *plot;\n\n\t\terr = dig(n, &plot);\n\t} else {\n\t\tstruct plot *plot;\n\n"
    b"\t\terr = dig(n, &plot);\n\t}\n"
)
TAIL = b"\treturn err;\n}\n"


@pytest.fixture
def ported(workshop):
    """The middle of a function -> the same after the rules for its locals."""
    sow = MethodChanged(
        *(Method("meadow_operations", Prototype("sow", "int", some, "", 1, 1, "", ()), "a.h") for some in BEGIN),
        steps_between(*BEGIN),
    )
    functions = [
        FunctionChanged(*(Function(name, "int", some, "a.h", 1) for some in both), steps_between(*both))
        for name, both in (("dig", BEGIN), ("mow", END))
    ]
    plan = HeadPlan(sow, ("n", "fieldp"), {}, (), 0)

    told = []

    def port(middle, more=b""):
        text = OWN + more + HEAD + middle + TAIL
        code = read_code([("a.c", text)], frozenset({"sow"}))
        instances = by_method(code.instances({("meadow_operations", "sow")}))
        types = read_types([*HEADERS, text])
        passed = passed_locals(code, [plan], instances, functions, types)
        after = apply_rules(passed.rules, {"a.c": text}, workshop.runner)
        assert () == after.refused
        told.extend((one.function.name, one.reason) for _, one in passed.left)
        return after.texts["a.c"].removeprefix(OWN + more + HEAD).removesuffix(TAIL)

    port.told = told
    return port


@pytest.mark.parametrize("call", [b"dig(n, &plot)", b"elm_sow(n, &plot)", b"meadow->m_op->sow(n, &plot)"])
def test_a_local_that_is_stored_and_given_on_follows(ported, call):
    """A pointer to the old structure would be given to who stores a pointer to the new one there."""
    after = ported(LOCAL + BODY % call)

    assert (LOCAL + BODY % call).replace(b"struct plot *plot", b"struct field *field").replace(
        b"&plot", b"&field"
    ).replace(b"(n, plot)", b"(n, field)") == after


def test_its_first_value_and_a_block_of_its_own_stay(ported):
    """A local that is NULL before the call would not be so any more, or one in a block be overlooked."""
    middle = b"\tif (n) {\n\t\tstruct plot *plot = NULL;\n\n\t\terr = dig(n, &plot);\n\t}\n"

    assert middle.replace(b"plot", b"field") == ported(middle)


def test_a_name_that_means_something_else_there_is_not_taken(ported):
    """Two things would have one name."""
    middle = LOCAL + b"\tint field = n;\n\n" + BODY % b"dig(field, &plot)"

    assert middle.replace(b"struct plot *plot", b"struct field *plot") == ported(middle)


@pytest.mark.parametrize(
    "middle",
    [
        LOCAL + BODY % b"dig(n, &plot)" + b"\tn = plot->size;\n",
        LOCAL + BODY % b"dig(n, &plot)" + b"\trake(plot);\n",
        b"\tstruct plot *plot = first(n);\n\n" + BODY % b"dig(n, &plot)",
        LOCAL + BODY % b"other_dig(n, &plot)",
        LOCAL + BODY % b"n->m_op->sow(n, &plot)",
        LOCAL + b"\tplot = first(n);\n" + BODY % b"dig(n, &plot)",
        TWICE,
        LOCAL + b"\terr = mow(n, plot);\n",
    ],
    ids=[
        "looked into",
        "given to others",
        "made",
        "not changed",
        "whose method",
        "stored",
        "two of a name",
        "not filled",
    ],
)
def test_a_local_that_anything_else_touches_stays(ported, middle):
    """The old structure would be looked for in the new one, or what is made of the old one called the new one."""
    assert middle == ported(middle)


def test_what_a_method_of_the_code_stores_is_told_where_it_cannot_follow(ported):
    """Only the compiler would tell; what a function of the kernel stores is told where its calls are."""
    ported(LOCAL + BODY % b"elm_sow(n, &plot)" + b"\tn = plot->size;\n")
    ported(LOCAL + BODY % b"dig(n, &plot)" + b"\tn = plot->size;\n")

    assert [
        ("elm_grow", "`&plot` is given where a `struct field *` is stored by now, and the body does more with `plot`")
    ] == (ported.told)


def test_a_callee_of_which_there_are_two_says_nothing(ported):
    """The static function of another file is meant by the same name."""
    middle = LOCAL + BODY % b"elm_sow(n, &plot)"

    assert middle == ported(
        middle, b"#ifdef OTHER\nstatic int elm_sow(int n, struct plot **plotp)\n{\n\treturn 0;\n}\n#endif\n\n"
    )
