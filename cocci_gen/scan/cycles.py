"""Python's search for cycles, held back while functions are examined.

Graphs and answers about them pile up by the million until the end and hold no cycles: 13,000 objects were all that was found in
an examination of 6.1, at a fifteenth of its time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """A context in which nobody looks for cycles; as it was before behind it, with all that stays taken for old."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            # From the young to those that are left alone for good, and from there to the old: nothing is gone over for it.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
