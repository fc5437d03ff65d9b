"""An index that is asked about a part of the tree only."""

import pytest

from cocci_gen.facts.tree.focus import Focus, FocusedIndex, focus_on
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kernel.layers import LayeredTree
from cocci_gen.kernel.tree import KernelTree

A = "static int {0}_writepage(struct page *p, void *w)\n{{\n\treturn helper(p);\n}}\n"
A += "static const struct address_space_operations {0}_ops = {{ .writepage = {0}_writepage }};\n"


def test_only_functions_in_focus_are_named(index_of):
    """The rules would ask about the whole kernel for a module of three files."""
    index = index_of({"fs/a.c": A.format("a"), "fs/b.c": A.format("b") + A.format("c")})
    named = lambda focus: [  # noqa: E731
        one.definition.name
        for one in FocusedIndex(index, focus).implementations("address_space_operations", "writepage")[0]
    ]

    assert ["b_writepage", "c_writepage"] == named(focus_on(["fs/b.c"]))
    assert ["c_writepage"] == named(Focus(frozenset({"fs/b.c"}), frozenset({("fs/b.c", "c_writepage")})))
    assert 3 == len(index.implementations("address_space_operations", "writepage")[0])


def test_an_entry_that_leads_nowhere_is_told_of_a_file_in_focus(index_of):
    """It is not examined, and must not be forgotten."""
    text = "static const struct address_space_operations x_ops = { .writepage = gone };\n"
    index = FocusedIndex(index_of({"fs/a.c": text, "fs/b.c": text}), focus_on(["fs/a.c"]))

    assert ["fs/a.c"] == [one.entry.path for one in index.implementations("address_space_operations", "writepage")[1]]


def test_a_search_stays_in_focus(index_of):
    """Callers elsewhere are somebody else's."""
    index = FocusedIndex(
        index_of({"fs/a.c": "int f(void)\n{\n\treturn g();\n}\n", "fs/b.c": "int g(void);\n"}), focus_on(["fs/a.c"])
    )

    assert [("fs/a.c", 3)] == [(one.path, one.line) for one in index.search_here(r"\bg\b")]
    assert 2 == len(index.search(r"\bg\b"))  # facts are asked of the whole tree


@pytest.fixture
def both(tmp_path, make_repository):
    """A kernel and a module that have a function of the same name, indexed."""
    kernel = make_repository(
        tmp_path / "k", {"lib/x.c": b"int same(void)\n{\n\treturn 0;\n}\nint own(void)\n{\n\treturn same();\n}\n"}
    )
    module = {
        "m/a.c": b"int same(void)\n{\n\treturn 1;\n}\nint only(void)\n{\n\treturn 1;\n}\n",
        "m/d/b.c": b"int b(void)\n{\n\treturn same();\n}\n",
    }
    with LayeredTree(KernelTree.open(kernel), module, folder="m") as tree:
        index = KernelIndex(tree, tmp_path / "index", frozenset({"writepage"}))
        index.update(1)
        yield index
        index.close()


@pytest.mark.parametrize(
    ("name", "caller", "path"),
    [("same", "m/d/b.c", "m/a.c"), ("same", "lib/other.c", "lib/x.c"), ("own", "m/d/b.c", "lib/x.c")],
)
def test_names_resolve_within_a_module_first(both, name, caller, path):
    """A helper of the kernel with the same name would be judged in place of the module's own."""
    assert [path] == [one.path for one in both.resolve(name, caller)]


def test_the_kernel_never_calls_a_module_by_name(both):
    """What a module defines cannot be what the kernel was built with."""
    assert () == both.resolve("only", "lib/x.c")
