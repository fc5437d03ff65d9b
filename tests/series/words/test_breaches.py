"""Findings in words: where each goes wrong."""

from types import SimpleNamespace

import pytest

from cocci_gen.facts.calls.steps import Step
from cocci_gen.series.words.breaches import _without, places


def words(function, variable, *, how="allocated", lost=False):
    """What a finding says of an exit that keeps something."""
    when, exits = " where it fails", "returns -EINVAL"
    return SimpleNamespace(
        function=function, exits=exits, when=when, lost=lost, variable=variable, how=how, unless_given=""
    )


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


TAKES = """\
int sow(int a)
{
	return a;
}

int dig(struct box *box, struct bed *bed)
{
	struct box *own = NULL;
	%s
	if (%s) {
		own = box_get();
		box = own;
	}
	if (look(bed))
		return -EINVAL;%s
	box_put(own);
	return 0;
}
"""


@pytest.mark.parametrize(
    ("ahead", "test", "line", "said"),
    [
        (";", "!box", 15, "box"),
        (";", "!own", 15, ""),
        (";", "!box && bed", 15, ""),
        ("box = bed->box;", "!box", 15, ""),
        (";", "!box", 12, ""),
    ],
    ids=["a parameter", "its own variable", "more than that", "set before", "an exit in the same branch"],
)
def test_what_is_taken_for_want_of_a_parameter(ahead, test, line, said):
    """A mail told of a leak in whoever calls, where it is there for those alone who give nothing."""
    base = (TAKES % (ahead, test, "")).encode()
    finding = SimpleNamespace(line=line, evidence=(Step("a.c", 11, "box_get() takes box own"),))
    assert _without(finding, base) == said
