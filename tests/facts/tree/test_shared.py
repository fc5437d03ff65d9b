"""What is known of a tree lives as long as its index: held beside it, every trial of a fix would stay in memory."""

import gc
import weakref

from cocci_gen.facts.pages.backing_devices import backing_devices
from cocci_gen.facts.tree.overlays import OverlaidIndex
from cocci_gen.facts.tree.shared import shared

CODE = "int f(void) { return 0; }\n"


class Known:
    """What some module knows of a tree; it holds the index, as all of them do."""

    def __init__(self, index):
        """Of this tree."""
        self.index = index


def test_it_is_made_once_for_each_index(facts_of):
    """Two who ask for the same would search twice; the trial of a fix must not be told what held before."""
    index = facts_of({"fs/box/a.c": CODE}).index
    (root,) = index.definitions("f")
    trial = OverlaidIndex(index, root)
    assert shared(index, Known) is shared(index, Known)
    assert shared(trial, Known).index is trial
    assert backing_devices(trial) is not backing_devices(index)


def test_it_goes_with_the_index(facts_of):
    """A WeakKeyDictionary kept both: its values hold their key."""
    index = facts_of({"fs/box/a.c": CODE}).index
    (root,) = index.definitions("f")
    trial = OverlaidIndex(index, root)
    known = weakref.ref(shared(trial, Known))
    del trial
    gc.collect()
    assert known() is None
