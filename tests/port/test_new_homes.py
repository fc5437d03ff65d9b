"""Headers that files need because what they use is declared elsewhere by now."""

import pytest

from cocci_gen.port.application import apply_rules
from cocci_gen.port.declared import read_headers
from cocci_gen.port.evolutions import DeclarationsMoved, compare
from cocci_gen.port.new_homes import needed_headers, needed_rules, without_place
from cocci_gen.port.trees import of_texts

KERNEL = {
    "include/linux/barn.h": b"#include <linux/wood.h>\n",
    "include/linux/wood.h": b"",
    "include/linux/tools.h": b"int rake(int n);\n",
    "include/linux/farm.h": b"#include <linux/tools.h>\n",
}
MOVED = DeclarationsMoved("include/linux/barn.h", "include/linux/tools.h", ("rake",))
HEAD = b"#include <linux/wood.h>\n#include <linux/barn.h>\n"
BODY = b"\nint f(void)\n{\n\treturn rake(1);\n}\n"


def ported(workshop, text, more=()):
    """A file after the rules, and the reasons of what is left."""
    texts = {"a.c": text, **dict(more)}
    needed = needed_headers([MOVED], of_texts("new", KERNEL), texts, ())
    result = apply_rules(needed_rules(needed, texts), texts, workshop.runner)
    assert () == result.refused
    return result.texts["a.c"], [one.reason for one in without_place(needed, texts)]


def test_names_that_another_header_declares_are_known():
    """A file that was compiled would not be any more, and the reason stands in no prototype."""
    old = read_headers([("include/linux/barn.h", b"int rake(int n);\nint mow(int n);\n#define HAY 1\n")])
    new = read_headers(
        [("include/linux/barn.h", b"int mow(int n);\n"), ("include/linux/tools.h", KERNEL["include/linux/tools.h"])]
    )
    found = [one for one in compare(old, new, (), ()) if isinstance(one, DeclarationsMoved)]

    assert [MOVED] == found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (HEAD + BODY, HEAD + b"#include <linux/tools.h>\n" + BODY),
        (HEAD + b"#include <linux/farm.h>\n" + BODY, HEAD + b"#include <linux/farm.h>\n" + BODY),
        (HEAD + b"#include <linux/tools.h>\n" + BODY, HEAD + b"#include <linux/tools.h>\n" + BODY),
        (HEAD + BODY.replace(b"rake(1)", b"0 /* rake */"), HEAD + BODY.replace(b"rake(1)", b"0 /* rake */")),
        (
            HEAD + b"#ifdef BIG\n#include <linux/field.h>\n#endif\n" + BODY,
            HEAD + b"#include <linux/tools.h>\n#ifdef BIG\n#include <linux/field.h>\n#endif\n" + BODY,
        ),
    ],
    ids=["needed", "by way of another", "there", "not used", "no header under a condition"],
)
def test_a_header_is_added_where_it_is_needed(workshop, text, wanted):
    """Every name of the header would be an error; or each file would get headers that it has."""
    assert (wanted, []) == ported(workshop, text)


def test_a_file_that_has_all_its_headers_from_its_own_is_left_with_the_reason(workshop):
    """The user would be told nothing of a header that no rule can add."""
    text, left = ported(workshop, b'#include "own.h"\n' + BODY, {"own.h": HEAD}.items())

    assert b'#include "own.h"\n' + BODY == text
    assert ["it needs #include <linux/tools.h>, which declares rake by now"] == left
