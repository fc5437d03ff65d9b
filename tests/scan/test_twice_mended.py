"""Two fixes of which one makes the other's call a second time."""

import dataclasses

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.findings.findings import Edit, Fix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.scan.twice_mended import mended_below

BODY = "static int demo_above(struct page *page, struct page *other)\n{{\n\treturn {call};\n}}\n"


@pytest.mark.parametrize(
    ("call", "callee"),
    [
        ("demo_writepage1(page)", "demo_writepage1"),
        ("demo_writepage1(other)", ""),
        ("demo_other(page)", ""),
    ],
)
def test_what_a_callee_mends_is_not_mended_by_its_caller(demo_kernel, make_finding, call, callee):
    """jffs2 would unlock the folio in the helper and once more in the method, and each fix by itself was seen to be right."""
    with KernelTree.open(demo_kernel) as tree:
        below = make_finding(tree, "fs/demo/file.c", "demo_writepage1", "unlocks")
    above = dataclasses.replace(below, function="demo_above", fingerprint="above")
    graph = graph_of(BODY.format(call=call).encode(), 1)

    assert mended_below(above, graph, [above, below]) == callee
    assert mended_below(below, graph, [below]) == ""


@pytest.mark.parametrize(
    ("above", "below", "callee"),
    [
        ("&box->lock", "&box->lock", "demo_writepage1"),
        ("&page->lock", "&box->other", ""),
        ("&page->lock", "lock", "demo_writepage1"),
    ],
)
def test_another_lock_of_the_same_thing_is_not_mended_by_the_callee(demo_kernel, make_finding, above, below, callee):
    """Two functions that each forget a lock of their own both need their unlock."""
    with KernelTree.open(demo_kernel) as tree:
        first = make_finding(tree, "fs/demo/file.c", "demo_writepage1", "unlocks")

    def mended(name, given):
        fix = Fix((Edit(1, (), (f"\tmutex_unlock({given});\n".encode(),)),), "", "")
        return dataclasses.replace(first, function=name, fingerprint=name, fix=fix)

    graph = graph_of(BODY.format(call="demo_writepage1(page, box)").encode(), 1)
    one, other = mended("demo_above", above), mended("demo_writepage1", below)
    assert mended_below(one, graph, [one, other]) == callee
