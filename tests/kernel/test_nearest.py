"""Leaf `nearest`: which of several files of one name is meant."""

import pytest

from cocci_gen.kernel.nearest import nearest


@pytest.mark.parametrize(
    ("others", "least", "expected"),
    [
        (["a/inc/x.h", "b/inc/x.h"], 0, "a/inc/x.h"),  # each part of a module has a copy of its own
        (["a/inc/x.h", "a/lib/x.h"], 0, ""),
        (["b/x.h"], 0, "b/x.h"),
        (["b/x.h"], 1, ""),
        ([], 0, ""),
    ],
)
def test_the_nearest_is_meant(others, least, expected):
    """A header of another part of the module tells other versions, and one of two says nothing."""
    assert expected == nearest("a/src/f.c", others, least)
