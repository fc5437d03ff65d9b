"""A change -> the functions that are looked at again: nobody too few, and not the half of a kernel."""

from types import SimpleNamespace

import pytest

from cocci_gen.facts.sleeps.sleeps import DEPTH
from cocci_gen.scan.changes import Changed
from cocci_gen.scan.regions import Region

FILE = "fs/x/a.c"
TABLE = SimpleNamespace(struct="s", variable="x_ops", method="empty", folder="fs/x", path=FILE, function="x_empty")


def region_with(calls):
    """The region of a change of f0(), which f1() calls, and so on; x_empty() calls the one of `calls` links, and is a method,
    which asks() calls, which outer() calls."""
    mentioned = {f"f{n}": {(FILE, f"f{n + 1}")} for n in range(calls)} | {f"f{calls}": {(FILE, "x_empty")}}
    mentioned |= {"asks": {("fs/y/b.c", "outer")}}
    mentions = SimpleNamespace(
        of=lambda name: mentioned.get(name, set()),
        of_member=lambda name: {("fs/y/b.c", "asks")} if name == "empty" else set(),
        of_beside=lambda name: set(),
        of_judged_by=lambda name: set(),
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


def region_by_table(named):
    """The region of a change of x_empty() of fs/x, where near() calls `->empty` of the folder, of a table that it may name, far()
    of fs/y calls near(), and beside() of fs/x does."""
    mentioned = {"near": {("fs/y/b.c", "far"), ("fs/x/c.c", "beside")}}
    mentioned |= {"x_ops": {("fs/x/b.c", "near")}} if named else {}
    many = [SimpleNamespace(function=f"empty{number}", path=FILE) for number in range(9)]
    index = SimpleNamespace(
        paths=lambda: (),
        entries_naming=lambda name: (TABLE,) if name == "x_empty" else (),
        tabled=lambda _method, _most: many,
        tabled_in=lambda _method, _folder: many,
    )
    mentions = SimpleNamespace(
        of=lambda name: mentioned.get(name, set()),
        of_member=lambda name: {("fs/x/b.c", "near"), ("fs/z/b.c", "stranger")} if name == "empty" else set(),
        of_beside=lambda name: set(),
        of_judged_by=lambda name: set(),
    )
    place = (FILE, "x_empty")
    return Region(index, mentions, Changed(frozenset({place}), frozenset(), frozenset({place}), frozenset()))


def test_by_a_table_that_it_names_a_function_leads_to_what_that_has():
    """What `x_ops.empty()` does, its caller does, and so do all who call that one."""
    assert {"x_empty", "near", "far", "beside"} == {name for _, name in region_by_table(named=True).functions}


def test_by_another_table_nobody_is_looked_at():
    """For the `.open` of one table beside do_dentry_open() all who open a file would be looked at again: everybody."""
    region = region_by_table(named=False)

    assert {"x_empty"} == {name for _, name in region.functions | region.taken}


def test_who_is_judged_by_what_changed_leads_nobody_to_it():
    """For a name that one file system gives back as others do not, 3,417 functions were looked at: all who led to the others."""
    mentioned = {"f0": {(FILE, "f1")}, "judged": {("fs/y/b.c", "caller")}, "reads": {("fs/z/c.c", "above")}}
    mentions = SimpleNamespace(
        of=lambda name: mentioned.get(name, set()),
        of_beside=lambda name: {("fs/z/c.c", "reads")} if name == "f1" else set(),
        of_judged_by=lambda name: {("fs/y/b.c", "judged")} if name == "f1" else set(),
    )
    index = SimpleNamespace(paths=lambda: (), entries_naming=lambda _name: ())
    region = Region(index, mentions, Changed(frozenset({(FILE, "f0")}), frozenset({"f0"}), frozenset(), frozenset()))

    assert {name for _, name in region.functions} == {"f0", "f1", "reads", "above"}
    assert region.taken == {("fs/y/b.c", "judged")}
