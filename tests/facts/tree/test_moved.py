"""Methods that have moved: the tables name the new structure, and a header proves it."""

import pytest

from cocci_gen.facts.tree.moved import home_of

HEADER = """\
struct demo_lock_operations {{
	int (*grant)(struct lock *, int);
{0}}};

struct demo_lease_operations {{
	bool (*split)(struct lease *);
}};
"""
TABLE = """\
static bool demo_split(struct lease *lease)
{{
	return false;
}}
static const struct {0} demo_ops = {{ .split = demo_split }};
"""


def home(index_of, gone="", table="demo_lease_operations", header="include/linux/demo.h"):
    """Where `split`, documented for demo_lock_operations, is found in a small tree."""
    index = index_of({header: HEADER.format(gone), "fs/demo.c": TABLE.format(table)}, methods=("split",))
    return home_of(index, "demo_lock_operations", "split"), index


def test_a_method_that_moved_is_found_where_it_went(index_of):
    """Its rows would bind nobody, and nothing would say so."""
    found, index = home(index_of)
    implementations, _ = index.implementations("demo_lock_operations", "split")

    assert "demo_lease_operations" == found
    assert ["demo_split"] == [one.definition.name for one in implementations]


@pytest.mark.parametrize(
    ("gone", "table"),
    [
        ("\tbool (*split)(struct lock *);\n", "demo_lease_operations"),
        ("", "other_operations"),
        ("", "demo_lock_operations"),
    ],
    ids=["the old structure still has it", "no header has that structure", "the old structure is the one in use"],
)
def test_a_method_of_the_same_name_is_another_one(index_of, gone, table):
    """`open` stands in a dozen structures; the rows of one say nothing about the others."""
    assert "demo_lock_operations" == home(index_of, gone, table)[0]


def test_a_structure_without_a_header_proves_nothing(index_of):
    """A driver's own structure beside its tables is no part of the interface."""
    assert "demo_lock_operations" == home(index_of, header="fs/demo_ops.c")[0]
