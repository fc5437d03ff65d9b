"""Where names stand, over files that are in order and files that came since."""

import pytest

from cocci_gen.facts.tree.outlines import Names, in_order, numbered

KEPT = {1: numbered([b"open", b"close"]), 2: numbered([b"open"]), 4: numbered([b"read", b"open"]), 7: b""}


def split(last):
    """The same names, those of blobs up to `last` in order."""
    before = [(blob, names) for blob, names in KEPT.items() if blob <= last]
    return in_order(before), {blob: names for blob, names in KEPT.items() if blob > last}


@pytest.mark.parametrize("last", [0, 1, 2, 7])
@pytest.mark.parametrize("asked", [1, 10])
def test_a_name_is_found_wherever_it_is_kept(last, asked):
    """A function of a file that came since the names were put in order would be unknown to every rule."""
    for _ in range(asked):
        names = Names(*split(last), KEPT)
        for _ in range(asked):
            assert [1, 2, 4] == names.blobs("open")
            assert [1] == names.blobs("close")
            assert [] == names.blobs("write")


def test_files_of_another_tree_do_not_count():
    """All kernels share one file: a function of the one would be called by the other."""
    assert [2] == Names(*split(2), {2}).blobs("open")
