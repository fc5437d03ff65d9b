"""How much of what the tables name was examined."""

from cocci_gen.scan.coverage import Coverage, coverage
from cocci_gen.scan.standings import Stand, Standing


def _standing(function, stand, obligation="super_operations.statfs.no_relock"):
    return Standing(obligation, "a.c", function, 1, stand, "why")


def test_a_function_counts_when_each_of_its_obligations_has_an_answer():
    """One that only half the rules could be asked about, or none, would look clean; a helper is no function of a table."""
    standings = [
        _standing("kept", Stand.KEPT),
        _standing("settled", Stand.SETTLED),
        _standing("settled", Stand.NOT_EXAMINED, "file_operations.open.callers"),
        _standing("half", Stand.FOUND),
        _standing("half", Stand.NOT_EXAMINED, "super_operations.statfs.must_call"),
        _standing("lost", Stand.NOT_EXAMINED),
        _standing("helper", Stand.KEPT),
    ]
    named = {("a.c", name) for name in ("kept", "settled", "half", "lost", "silent")}

    assert Coverage(5, 2) == coverage(named, standings)


def test_nothing_named_is_nothing_missed():
    """A module without tables is examined as a whole."""
    assert 1.0 == coverage((), ()).share
