"""What two trees say otherwise where nothing changed: none of it may be taken for known, and nothing else looked at again."""

import pytest

from cocci_gen.kinds.duties import Unexamined
from cocci_gen.scan.increments import _strange
from cocci_gen.scan.told import Told

KEY = ("file_operations.open.gives_back", "fs/x.c", "helper")


def told(reason):
    """What is told of a function that was not examined."""
    return Told((), (Unexamined(*KEY, 3, reason),), ())


@pytest.mark.parametrize(
    ("now", "then", "known", "strange"),
    [
        pytest.param(None, "unseen", "unseen", True, id="nobody-says-it-any-longer"),
        pytest.param(None, "unseen", None, False, id="the-whole-scan-cites-another-obligation-for-it"),
        pytest.param("other", "unseen", "unseen", True, id="it-is-said-otherwise"),
        pytest.param("unseen", "unseen", "whole", False, id="both-say-the-same"),
        pytest.param("unseen", None, None, True, id="it-is-new"),
    ],
)
def test_what_both_trees_say_otherwise(now, then, known, strange):
    """A finding would be lost, or a change of one file would have all of the kernel looked at."""
    said = [{} if one is None else {KEY: told(one)} for one in (now, then, known)]

    assert _strange(*said, {KEY[0]}, frozenset()) == ({KEY} if strange else set())
