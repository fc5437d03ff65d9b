"""Filter `infeasible_path`."""

from cocci_gen.filters.infeasible_path import judge


def test_a_refuted_path_is_rejected(case):
    """spatch knows no values; what contradicts itself cannot happen."""

    assert "contradicts itself" in judge(case(feasible=False))


def test_a_search_that_gave_up_is_rejected_with_its_own_words(case):
    """It proves nothing, and must not read as if it did."""

    assert "too many paths" in judge(case(feasible=False, searched=False))


def test_a_path_that_may_be_taken_is_let_through(case):
    """It is the finding."""

    assert "" == judge(case())
