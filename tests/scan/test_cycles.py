"""Python's search for cycles while functions are examined."""

import gc

import pytest

from cocci_gen.scan.cycles import uncollected


@uncollected()
def breaks():
    """An examination that fails."""
    assert not gc.isenabled()
    raise ValueError("broken")


def test_cycles_are_looked_for_again_behind_an_examination_that_failed():
    """Else whatever runs on in the process, a night of scans, would never give its memory back."""
    with pytest.raises(ValueError, match="broken"):
        breaks()
    assert gc.isenabled()


def test_what_an_examination_leaves_is_old():
    """Else the first look for cycles behind it goes over all of that, which takes as long as was saved."""
    with uncollected():
        kept = [[]]
    assert any(one is kept for one in gc.get_objects(generation=2))


def test_who_looks_for_no_cycles_is_not_made_to():
    """Else a worker that was told to look for none would do so behind its first examination."""
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
