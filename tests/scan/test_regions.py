"""A change -> the functions that are looked at again: nobody too few, and not the half of a kernel."""

from types import SimpleNamespace

import pytest

from cocci_gen.facts.sleeps.sleeps import DEPTH
from cocci_gen.scan.changes import Changed
from cocci_gen.scan.regions import Region

FILE = "fs/x/a.c"
TABLE = SimpleNamespace(struct="s", method="empty", folder="fs/x", path=FILE, function="x_empty")


def region_with(calls):
    """The region of a change of f0(), which f1() calls, and so on; x_empty() calls the one of `calls` links, and is a method,
    which asks() calls, which outer() calls."""
    mentioned = {f"f{n}": {(FILE, f"f{n + 1}")} for n in range(calls)} | {f"f{calls}": {(FILE, "x_empty")}}
    mentioned |= {"asks": {("fs/y/b.c", "outer")}}
    mentions = SimpleNamespace(
        of=lambda name: mentioned.get(name, set()),
        of_member=lambda name: {("fs/y/b.c", "asks")} if name == "empty" else set(),
        of_beside=lambda name: set(),
    )
    index = SimpleNamespace(
        paths=lambda: (),
        entries_naming=lambda name: (TABLE,) if name == "x_empty" else (),
        tabled=lambda method, most: (TABLE,),
    )
    return Region(index, mentions, Changed(frozenset({(FILE, "f0")}), frozenset({"f0"}), frozenset(), frozenset()))


@pytest.mark.parametrize(
    ("calls", "over"), [(0, {"asks", "outer"}), (DEPTH - 2, {"asks"}), (DEPTH - 1, set()), (DEPTH + 1, set())]
)
def test_over_a_method_one_comes_no_further_than_the_search_for_sleeps(calls, over):
    """All file systems would be looked at again for what one of them does eight calls below a method of quotas."""
    region = region_with(calls)

    assert {name for path, name in region.functions if path == "fs/y/b.c"} == over
    assert (FILE, "x_empty") in region.functions
