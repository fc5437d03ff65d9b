"""Static functions whose names a header declares by now."""

import pytest

from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.headers.taken_names import taken_names
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

SHED, BARN = "include/linux/shed.h", "include/linux/barn.h"
OPEN, DIG = b"int open_shed(int n);\n", b"int dig(int n);\n"
OLD = Includes(of_texts("old", {SHED: OPEN, BARN: DIG}))
NEW = Includes(of_texts("new", {SHED: OPEN + DIG + b"/* row() is none */\n", BARN: DIG}))
CODE = """#include <linux/shed.h>
static int elm_one(int n) { return n; }
static int elm_two(int n) { return n; }
static int elm_three(int n) { return n; }
static int dig(int n)
{
	return open_shed(n);
}
static int elm_all(int n)
{
	struct row row = { .dig = dig };
	return row.dig(n) + dig(elm_one(n));
}
"""


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("", "", "elm_dig"),
        ("<linux/shed.h>", "<linux/barn.h>", None),
        ("elm_", "e", ""),
        ("static int dig", "#ifdef OLD\nstatic int dig", ""),
        ("elm_all", "elm_dig", ""),
        ("static int dig", "int dig", None),
        (" dig", " row", None),
    ],
    ids=["taken", "all along", "no common word", "under a condition", "the other too", "not static", "not declared"],
)
def test_a_name_that_a_header_declares_by_now_is_taken(old, new, name):
    """The file would not compile, or a function that the module has for just this kernel would get another name."""
    code = read_code([("a.c", CODE.replace(old, new).encode() if old else CODE.encode())], frozenset())
    found = list(taken_names(code, (OLD, NEW)))

    assert ([] if name is None else [("dig", name, "linux/shed.h")]) == [
        (one.function.name, one.name, one.evolution.header) for one in found
    ]


def test_all_that_means_the_function_follows_its_new_name(workshop):
    """A call would go to the kernel's function, or a member of the same name would be no member any more."""
    text = CODE.replace("static int elm_one", "static int dig(int n);\nstatic int elm_one").encode()
    (one,) = taken_names(read_code([("a.c", text)], frozenset()), (OLD, NEW))
    ported = apply_rules([one.rule], {"a.c": text}, workshop.runner)

    now = ported.texts["a.c"].decode()
    assert (4, 2) == (now.count("elm_dig"), now.count(".dig"))
    assert "row.dig(n) + elm_dig(elm_one(n))" in now
    assert [] == list(taken_names(read_code(ported.texts.items(), frozenset()), (OLD, NEW))), "nothing is left to do"
