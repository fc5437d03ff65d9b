"""Headers that went, and the lines that include them."""

import pytest

from cocci_gen.port.changes.evolutions import DeclarationsMoved, HeaderGone
from cocci_gen.port.headers.gone_headers import gone_header_rules
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.trees import of_texts

SHED = b"#ifndef _SHED_H\n#define _SHED_H\nstruct shed;\nint shed_open(struct shed *s);\nint shed_lock(struct shed *s);\n#endif\n"
OLD = Includes(of_texts("old", {"include/linux/shed.h": SHED, "include/linux/a.h": b"int a(void);\n"}))
NEW = Includes(
    of_texts(
        "new",
        {
            "include/linux/barn.h": SHED.replace(b"int shed_lock(struct shed *s);\n", b""),
            "include/linux/lock.h": b"struct shed;\nint shed_lock(struct shed *s);\n",
            "include/linux/a.h": b"int a(void);\nstruct shed;\n",
        },
    )
)
CHANGES = (
    HeaderGone("include/linux/shed.h", ()),
    DeclarationsMoved("include/linux/shed.h", "include/linux/barn.h", ("shed_open",)),
    DeclarationsMoved("include/linux/shed.h", "include/linux/lock.h", ("shed_lock",)),
)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (b"return shed_open(s);", "becomes <linux/barn.h>"),
        (b"return shed_lock(s);", "becomes <linux/lock.h>"),
        (b"return a();", "goes, as"),
        (b"return shed_open(s) + shed_lock(s);", ""),
    ],
    ids=["a home", "another", "not used", "two homes"],
)
def test_what_is_used_of_a_header_that_went_decides(body, title):
    """The line would stay and hide every other error of the file, or name a header that lacks what the code uses."""
    text = b"#include <linux/a.h>\n#include <linux/shed.h>\nint f(struct shed *s)\n{\n\t%s\n}\n" % body
    rules = list(gone_header_rules(CHANGES, (OLD, NEW), {"a.c": text}, ()))

    assert bool(title) == bool(rules)
    assert all(title in rule.title and {"a.c"} == rule.paths for rule in rules)


def test_what_has_no_home_is_left():
    """A function that went with its header is a person's, and so is the line that shows where it came from."""
    text = b"#include <linux/a.h>\n#include <linux/shed.h>\nint f(struct shed *s)\n{\n\treturn shed_open(s);\n}\n"
    assert [] == list(gone_header_rules(CHANGES[:1], (OLD, NEW), {"a.c": text}, ()))
    assert [] == list(gone_header_rules(CHANGES, (OLD, NEW), {"a.c": text}, {"linux/shed.h"})), "the tree shows it"


def test_what_went_with_a_header_is_missed_as_well():
    """The line would go as if nothing of it were used, and with it a mark of another header that it brought and that went too."""
    both = {
        "include/linux/shed.h": b"#include <linux/nail.h>\n" + SHED,
        "include/linux/nail.h": b"#define NAIL_LONG 3\n",
    }
    old = Includes(of_texts("old", both))
    text = b"#include <linux/shed.h>\nint f(void)\n{\n\treturn %s;\n}\n"

    assert [] == list(gone_header_rules(CHANGES[:1], (old, NEW), {"a.c": text % b"NAIL_LONG"}, ()))
    assert 1 == len(list(gone_header_rules(CHANGES[:1], (old, NEW), {"a.c": text % b"5"}, ())))


def test_what_a_header_of_the_code_includes_is_for_all_that_have_it():
    """Of two files behind one header of the module, one uses nothing: the other one decides."""
    header = b"#include <linux/a.h>\n#include <linux/shed.h>\n"
    texts = {
        "own.h": header,
        "a.c": b'#include "own.h"\nint f(void)\n{\n\treturn shed_open(0);\n}\n',
        "b.c": b'#include "own.h"\n',
    }
    (rule,) = gone_header_rules(CHANGES, (OLD, NEW), texts, ())

    assert ("becomes <linux/barn.h>" in rule.title, {"own.h"}) == (True, rule.paths)
