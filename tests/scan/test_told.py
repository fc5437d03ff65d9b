"""`scan/told`: what is told of a function, compared with what was told of it."""

import pytest

from cocci_gen.kinds.duties import Unexamined
from cocci_gen.scan.standings import Stand, Standing
from cocci_gen.scan.told import Told, masked

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
