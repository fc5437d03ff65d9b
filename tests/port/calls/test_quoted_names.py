"""Macros that made a string of what they got."""

import pytest

from cocci_gen.port.calls.quoted_names import quoted_names
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.trees import of_texts

OLD = b"#define SHED_IMPORT(ns) SHED_INFO(import, __stringify(ns))\n#define SHED_NAME(n) SHED_INFO(name, #n)\n"
CODE = b"#include <linux/shed.h>\nint x;\nSHED_IMPORT(HAY);\nSHED_NAME(barn);\n"


def made(new, code=CODE, old=OLD):
    """What is met, and the rules, of a header that is this by now."""
    kernels = [Includes(of_texts(name, {"include/linux/shed.h": text})) for name, text in (("old", old), ("new", new))]
    return quoted_names(tuple(kernels), {"a.c": code})


def test_the_string_is_given_where_it_was_made(workshop):
    """The compiler would look for a variable of the name of a namespace."""
    used, rules = made(OLD.replace(b"__stringify(ns)", b"ns").replace(b"#n", b"n"))
    ported = apply_rules(rules, {"a.c": CODE}, workshop.runner)

    assert CODE.replace(b"HAY", b'"HAY"').replace(b"barn", b'"barn"') == ported.texts["a.c"]
    assert () == ported.refused
    assert [("SHED_IMPORT()", ("a.c:3",)), ("SHED_NAME()", ("a.c:4",))] == [
        (one.evolution.id, one.places) for one in used
    ]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (OLD, CODE),
        (OLD.replace(b"__stringify(ns)", b"ns##_ns").replace(b"#n", b"#n"), CODE.replace(b"SHED_IMPORT", b"SHED_NAME")),
        (OLD.replace(b"__stringify(ns)", b"ns"), CODE.replace(b"HAY", b'"HAY"').replace(b"SHED_NAME(barn);\n", b"")),
        (OLD + OLD.replace(b"__stringify(ns)", b"ns").replace(b"#n", b"n"), CODE),
        (b"", CODE),
    ],
    ids=["as before", "another one", "a string already", "two definitions", "gone"],
)
def test_what_is_given_as_before_stays(new, code):
    """A string would be made of a string, or a name be quoted for a macro that pastes it."""
    assert ([], []) == made(new, code)
