"""What is said of a helper of which nothing is told: no more than what was looked at."""

from types import SimpleNamespace

import pytest

from cocci_gen.kinds.takes.judged.fates import becomes


@pytest.mark.parametrize(
    ("lines", "states", "said"),
    [
        ([5], None, "no way to a return leads past what gives buffer bh of line 5 back, or takes it over"),
        ([5, 9], {"back", "idle"}, "it gives buffer bh of lines 5, 9 back on the ways that were followed"),
        ([5], {"back", "gone"}, "it gives buffer bh of line 5 back, or away, on the ways that were followed"),
        ([5], {"back", "unseen"}, "what becomes of buffer bh of line 5 cannot be seen on all ways"),
        ([5], {"idle", "lent"}, "no way to a return was found on which buffer bh of line 5 is taken"),
        ([1, 2, 3, 4], {"owed"}, "it may return with buffer bh of lines 1, 2, 3 and more, and nothing says"),
    ],
)
def test_what_becomes_of_a_thing(lines, states, said):
    """ "On every way" was said of what had been decided without ways, and of one taking of several under the same name."""
    holding = SimpleNamespace(takers=[(n, SimpleNamespace(line=n)) for n in lines])
    seen = None if states is None else SimpleNamespace(arrivals=[SimpleNamespace(state=one) for one in states])
    assert becomes("buffer bh", holding, seen).startswith(said)
