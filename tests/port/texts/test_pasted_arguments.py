"""Names that are only pasted into others."""

import pytest

from cocci_gen.port.texts.pasted_arguments import pasted_names_of

PASTES = b"#define OP(x) MUTEX_##x\n#define DO(how, x) do_##how(x)\n"


@pytest.mark.parametrize(
    ("code", "names"),
    [
        (PASTES + b"int a = OP(RELEASE);\n", {"RELEASE"}),
        (PASTES + b"int a = OP(RELEASE) | RELEASE;\n", set()),
        (PASTES + b"int a = DO(now, RELEASE);\n", {"now"}),
        (PASTES + b"int a = OP(RELEASE + 1);\n", set()),
        (b"#define OP(x) { x, MUTEX_##x }\nint a = OP(RELEASE);\n", set()),
        (b"#define OP(x) { x, #x }\nint a = OP(RELEASE);\n", set()),
        (b"#ifdef A\n#define OP(x) (x)\n#else\n#define OP(x) M_##x\n#endif\nint a = OP(RELEASE);\n", set()),
        (PASTES + b"/* RELEASE */ int a = OP(RELEASE);\n", {"RELEASE"}),
    ],
    ids=[
        "pasted", "used as well", "the other argument", "no name", "the value as well", "a string and the value",
        "not on both sides", "a comment says it too",
    ],
)  # fmt: skip
def test_what_is_only_pasted_is_nobodys_name(code, names):
    """The part of a name would get the new name of a constant that it is not."""
    assert names == pasted_names_of([code])


def test_a_name_that_another_file_uses_is_one():
    """The constant would be left in the one file as the other pastes its name."""
    assert frozenset() == pasted_names_of([PASTES + b"int a = OP(RELEASE);\n", b"int b = RELEASE;\n"])


CODE = b"#include <linux/owl.h>\n\n#define OP(x) %sx\nvoid *brook(void)\n{\n\treturn OP(no_turn);\n}\n"


def test_the_part_of_a_name_does_not_follow_a_constant(workshop):
    """What compiled would not any more, or mean another one."""
    pasted, plain = CODE % b"BROOK_##", CODE % b""
    texts = workshop.port({"brook.c": pasted, "b.h": b"#define BROOK_no_turn 0\n"}).ported.texts

    assert pasted == texts["brook.c"]
    assert plain.replace(b"no_turn", b"NULL") == workshop.port({"brook.c": plain}).ported.texts["brook.c"]
