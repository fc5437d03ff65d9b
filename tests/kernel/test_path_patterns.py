"""Leaf `path_patterns`: globs of MAINTAINERS as Perl sees them."""

import time

import pytest

from cocci_gen.kernel.path_patterns import PatternTable, PatternUnfit, name_regex


def hits(patterns, path, directories=()):
    """The values of the patterns that the path meets."""
    table = PatternTable(frozenset(directories))
    for value in patterns:
        table.add(value, 0, value)
    return {value: depth for _, value, depth in table.hits(path)}


@pytest.mark.parametrize(
    ("pattern", "path", "depth"),
    [
        pytest.param("fs/ext4/", "fs/ext4/sub/inode.c", 2, id="folder"),
        pytest.param("fs/ext4/inode.c", "fs/ext4/inode.c", 3, id="file"),
        pytest.param("fs/*", "fs/buffer.c", 2, id="star-is-one-level"),
        pytest.param("fs/*", "fs/ext4/inode.c", None, id="star-is-not-two-levels"),
        pytest.param("*", "Makefile", -1, id="the-rest-top"),
        pytest.param("*/", "fs/minix/inode.c", -1, id="the-rest"),
        pytest.param("fs/bu", "fs/buffer.c", 2, id="a-beginning-is-enough"),
        pytest.param("lib/lock*.[ch]", "lib/locking.h", 2, id="character-class"),
        pytest.param("fs/?fs/", "fs/jfs/file.c", 2, id="question-mark"),
        pytest.param("fs/ext4", "fs/ext4/inode.c", 2, id="folder-without-slash"),
        pytest.param("fs/a.c", "fs/abc", None, id="dot-is-a-dot"),
        pytest.param("include/c++/", "include/c++/x.h", None, id="plus-is-a-repetition"),
    ],
)
def test_patterns(pattern, path, depth):
    """A pattern read otherwise than get_maintainer.pl reads it tells the wrong people."""
    try:
        found = hits([pattern], path, directories=["fs/ext4"])
    except PatternUnfit:
        found = {}
    assert found.get(pattern) == depth


@pytest.mark.parametrize("pattern", ["(a+)+$", "[", "a**", "*a*a*a*a*a*a*a*b", "(?P<x>", "x" * 10 + "{9999999999}"])
def test_hostile_patterns_are_refused(pattern):
    """A pattern of the tree must not hang or break the run."""
    with pytest.raises(PatternUnfit):
        name_regex(pattern)


@pytest.mark.parametrize("pattern", ["a*" * 100 + "b", "*.*.*.*.*.*.*.*.*.*z", "a*a[+]*ab"])
def test_the_slowest_pattern_that_is_taken_is_quick(pattern):
    """A glob of the tree with many stars must not hang the run on a long path."""
    table = PatternTable(frozenset())
    table.add(pattern, 0, None)
    start = time.monotonic()

    assert list(table.hits("a" * 255)) == []
    assert time.monotonic() - start < 5
