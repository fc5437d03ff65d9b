"""Findings in words: where each goes wrong."""

from types import SimpleNamespace

import pytest

from cocci_gen.series.words.breaches import places


def words(function, variable, *, how="allocated", lost=False):
    """What a finding says of an exit that keeps something."""
    when, exits = " where it fails", "returns -EINVAL"
    return SimpleNamespace(function=function, exits=exits, when=when, lost=lost, variable=variable, how=how)


@pytest.mark.parametrize(
    ("findings", "listed"),
    [
        (
            [words("dig", "a"), words("sow", "a")],
            ["dig() returns -EINVAL where it fails", "sow() returns -EINVAL where it fails"],
        ),
        ([words("dig", "a"), words("dig", "b")], ["dig() returns -EINVAL where it fails (a and b)"]),
        ([words("dig", "a", lost=True), words("dig", "b", lost=True)], ["dig() on every path (a and b)"]),
        ([words("dig", "err", how=""), words("dig", "ret", how="")], ["dig() returns -EINVAL where it fails"]),
    ],
    ids=["one each", "two at one exit", "two that are lost", "nothing kept"],
)
def test_what_is_kept_is_named_where_it_is_several(findings, listed):
    """A reader of a mail about two leaks at one exit had to find the second one in the code."""
    assert places(findings).split("\n") == [f"  - {one}" for one in listed]
