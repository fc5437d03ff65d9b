"""`scan/told`: what is told of a function, compared with what was told of it."""

from dataclasses import replace

import pytest

from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Registration
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.scan.pipeline import Judged
from cocci_gen.scan.standings import Stand, Standing
from cocci_gen.scan.told import Told, masked, with_tables

KEY = ("s.m.gives_back", "fs/a.c", "f")


def told(line, reason):
    """What is told of a function that stands at a line."""
    return Told((), (Unexamined(*KEY, line, reason),), (Standing(*KEY, line, Stand.NOT_EXAMINED, reason),))


@pytest.mark.parametrize(
    ("files", "reason", "same"),
    [({"fs/a.c"}, "why", True), ({"fs/a.c"}, "another", False), (set(), "why", False)],
)
def test_what_has_only_moved_with_a_changed_file_is_told_as_before(files, reason, same):
    """All that a folder has to do with what changed would be looked at a second time for each line that is put into a file."""
    assert (masked(told(3, "why"), files) == masked(told(4, reason), files)) is same


def test_tables_of_folders_that_nobody_looked_into(make_finding, demo_kernel):
    """A finding in fs/buffer.c that two file systems come to was told of one of them, once a third one had changed."""

    with KernelTree.open(demo_kernel, "HEAD") as tree:
        finding = make_finding(tree, "fs/demo/file.c", "demo_writepage1")

    def known(*tables):
        found = tuple(Registration("s", name, file, 3) for file, name in tables)
        return Told((Judged(replace(finding, registrations=found), Accepted(), ()),), (), ())

    far, gone, near, new = ("fs/b/a.c", "far"), ("fs/a/a.c", "gone"), ("fs/a/a.c", "near"), ("fs/a/a.c", "new")
    now = with_tables(known(near, new), known(far, gone, near), {"fs/a"})

    assert [one.variable for one in now.findings[0].finding.registrations] == ["far", "near", "new"]
    assert with_tables(known(near), None, {"fs/a"}) == known(near)
