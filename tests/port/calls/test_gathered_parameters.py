"""Functions that take a structure where they took its parts."""

import pytest

from cocci_gen.port.calls.gathered_parameters import gathered_rules
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.texts.trees import of_texts

TAG = b"""\
struct tag {
	union {
		struct {
			unsigned int size;
		};
		unsigned long both;
	};
	const unsigned char *text;
};
#define TAG_INIT(t, s) { { { .size = s } }, .text = t }
#define TAG_SIZED(t, s) (struct tag)TAG_INIT(t, s)
"""
SHORT = b"#define TAG(t) TAG_SIZED(t, strlen(t))\n"
OLD = b"struct shed *shed_find(struct map *map, const char *text, struct shed *in, int size);\n"
NEW = b"struct shed *shed_find(struct map *map, struct tag *tag, struct shed *in);\n"
UNNAMED = b"struct shed *shed_find(struct map *, const char *, struct shed *, int);\n"
CODE = b"int f(struct shed *in, char *text, int n)\n{\n\treturn !shed_find(&all, %s, in%s);\n}\n"


def rules(old, new, macros=TAG + SHORT):
    """The rules for two headers."""
    sides = [read_headers([("include/linux/g.h", one)]) for one in (old, macros + new)]
    found = compare(*sides, (), ())
    return list(gathered_rules(found, of_texts("new", {"include/linux/g.h": macros + new})))


@pytest.mark.parametrize("old", [OLD, UNNAMED], ids=["by name", "the one pointer"])
@pytest.mark.parametrize(
    ("before", "macros", "after"),
    [
        ((b"text + 1", b", n"), TAG, b"&TAG_SIZED(text + 1, n)"),
        ((b"text", b", strlen(text)"), TAG + SHORT, b"&TAG(text)"),
        ((b"text", b", strlen(text) - 1"), TAG + SHORT, b"&TAG_SIZED(text, strlen(text) - 1)"),
        ((b"text", b", strlen(text)"), TAG, b"&TAG_SIZED(text, strlen(text))"),
    ],
    ids=["both", "measured", "nearly measured", "no macro that measures"],
)
def test_the_macro_makes_the_structure_of_what_was_given(workshop, old, before, macros, after):
    """A stacked file system looks up by name and length all over, and each call would be left to a person."""
    ported = apply_rules(rules(old, NEW, macros), {"a.c": CODE % before}, workshop.runner)

    assert CODE % (after, b"") == ported.texts["a.c"]
    assert () == ported.refused


@pytest.mark.parametrize(
    ("old", "new", "macros"),
    [
        (OLD.replace(b"size", b"mode"), NEW, TAG),
        (OLD, NEW, TAG + TAG.partition(b"};\n#")[2].replace(b"TAG_", b"MARK_").join((b"#", b""))),
        (OLD, NEW, TAG.replace(b".size = s", b".size = s + s")),
        (OLD, NEW, TAG.replace(b".size = s", b".size = 0")),
        (OLD, NEW.replace(b"struct shed *in", b"long in"), TAG),
        (OLD, NEW.replace(b"struct shed *shed_find", b"int shed_find"), TAG),
        (OLD, NEW.replace(b"struct tag", b"struct bag"), TAG),
        (OLD.replace(b", int size", b""), NEW, TAG),
        (UNNAMED.replace(b", int)", b", char *)"), NEW, TAG),
    ],
    ids=["another name", "two macros", "twice", "not at all", "another one changed", "it returns something else",
         "another structure", "one part", "two pointers"],
)  # fmt: skip
def test_what_the_headers_do_not_tell_is_no_rule(old, new, macros):
    """The mode would go where the length belongs, and the compiler be content."""
    assert [] == rules(old, new, macros)
