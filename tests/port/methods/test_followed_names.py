"""Functions that take over the new name of their method."""

import json

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.evolutions import MethodRenamed
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.methods.followed_names import followed_name, names_follow
from cocci_gen.port.store import dumped, loaded


def method(name):
    """A method of these tables."""
    return Method("hay_operations", Prototype(name, "int", ("int n",), "", 1, 1, "", ()), "include/linux/hay.h")


RENAMED = MethodRenamed(method("readpage"), method("read_folio"), ())


def table(number, old, new):
    """A table that named a function for the method under its old name, and under its new one."""
    return Table(f"fs/a{number}/a.c", "ops", "hay_operations", {"readpage": old}, {"read_folio": new})


@pytest.mark.parametrize(
    ("name", "fresh"),
    [
        ("affs_readpage", "affs_read_folio"),
        ("affs_readpage_ofs", "affs_read_folio_ofs"),
        ("readpage_now", "read_folio_now"),
        ("affs_readpages", ""),
        ("readpage_readpage", ""),
        ("affs_get", ""),
    ],
)
def test_the_method_is_a_word_of_the_name(name, fresh):
    """Half of another word would be replaced."""
    assert fresh == followed_name(name, RENAMED)


@pytest.mark.parametrize(
    ("ways", "count"),
    [
        ([("f_readpage", "f_read_folio")] * 4, 1),
        ([("f_readpage", "f_read_folio")] * 4 + [("g_readpage", "g_readpage")], 1),
        ([("f_readpage", "f_read_folio")] * 2 + [("g_readpage", "g_readpage")] * 2, 0),
        ([("f_readpage", "f_read_folio")] * 2, 0),
        ([("f_get", "f_read_folio")] * 4, 0),
    ],
    ids=["all", "most", "half", "two", "other names"],
)
def test_names_follow_where_the_tree_took_them_over(ways, count):
    """A function of a module would be renamed for nothing."""
    found = names_follow([RENAMED], [table(number, *way) for number, way in enumerate(ways)])

    assert count == len(found)
    assert found == loaded(json.loads(json.dumps(dumped(found))))
    assert () == names_follow([RENAMED], [table(1, *way) for way in ways])


HAY = """struct hay;

struct hay_operations {
	int (*%(method)s)(struct hay *hay%(more)s);
};
"""
TREE = """#include <linux/hay.h>

static int %(part)s_%(method)s(struct hay *hay%(more)s)
{
	return 1;
}

const struct hay_operations %(part)s_ops = {
	.%(method)s = %(part)s_%(method)s,
};
"""
MODULE = """#include <linux/hay.h>

static int elm_%(name)s(struct hay *hay%(more)s);

/* elm_rake() does it */
static int elm_%(name)s(struct hay *hay%(more)s)
{
	return 1;
}
%(beside)s
const struct hay_operations elm_ops = {
	.%(method)s = elm_%(name)s,
};
"""


@pytest.mark.parametrize(
    ("beside", "named"),
    [
        ("", True),
        ("int elm_rake_off;\n", False),
        ("#ifdef ELM_OLD_ONE\nint f = sizeof(elm_rake(0));\n#endif\n", True),
        ("#if LINUX_VERSION_CODE < KERNEL_VERSION(8, 2, 0)\nint f(void) { return elm_rake(0); }\n#endif\n", False),
        ("int elm_rake_hay;\n", False),
    ],
    ids=["alone", "part of a name", "under a condition", "for the old kernel", "another one has it"],
)
def test_a_function_is_renamed_where_all_its_uses_are_seen(workshop, beside, named):
    """A file would name a function that is not there any more, or two things be called the same."""
    words = [{"method": "rake", "more": ""}, {"method": "rake_hay", "more": ""}]
    sides = [
        {f"fs/{part}/hay.c": (TREE % (one | {"part": part})).encode() for part in ("ash", "beech", "cedar")}
        | {"include/linux/hay.h": (HAY % one).encode()}
        for one in words
    ]
    module = {"elm.c": (MODULE % (words[0] | {"name": "rake", "beside": beside})).encode()}
    port = workshop.port(module, sides[1], sides[0])
    named = named or "elm_rake_off" in beside
    beside = beside.replace("elm_rake(", "elm_rake_hay(") if named else beside

    wanted = MODULE % (words[1] | {"name": "rake_hay" if named else "rake", "beside": beside})
    assert wanted.replace("elm_rake_hay() does", "elm_rake() does") == port.ported.texts["elm.c"].decode()
    assert () == port.ported.refused
    assert () == workshop.port(dict(port.ported.texts), sides[1], sides[0]).ported.applied
    kept = workshop.port(module, sides[1], sides[0], take_names=False)
    assert b"int elm_rake(struct hay *hay)\n" in kept.ported.texts["elm.c"]
