"""Macros in tables of methods."""

import pytest

HEADER = "struct address_space_operations {\n\tint (*writepage)(void *page);\n};\n#define no_writepage NULL\n"
CODE = """\
static int real_writepage(void *page) { return 0; }
#define other_writepage real_writepage
#define cast_writepage ((void *) (real_writepage))
#define call_writepage(page) real_writepage(page)
#define zero_writepage ((void *)0)
const struct address_space_operations aops = { .writepage = NAME };
"""


@pytest.mark.parametrize(
    ("name", "found", "lost"),
    [
        ("real_writepage", ["real_writepage"], []),
        ("other_writepage", ["real_writepage"], []),
        ("cast_writepage", ["real_writepage"], []),
        ("no_writepage", [], []),
        ("zero_writepage", [], []),
        ("call_writepage", [], ["call_writepage"]),
        ("gone_writepage", [], ["gone_writepage"]),
    ],
)
def test_what_a_macro_in_a_table_stands_for(index_of, name, found, lost):
    """ "No definition of the function in this tree" was untrue of a function with another name, and of none at all."""
    index = index_of({"include/linux/fs.h": HEADER, "fs/a.c": CODE.replace("NAME", name)})
    implementations, unresolved = index.implementations("address_space_operations", "writepage")

    assert (found, lost) == (
        [one.definition.name for one in implementations],
        [one.entry.function for one in unresolved],
    )
