"""Findings far from a method beside the same fault near one."""

import dataclasses

import pytest

from cocci_gen.findings.findings import FAR, Confidence, Step
from cocci_gen.findings.nearer import as_sure_as_nearer
from cocci_gen.kernel.tree import KernelTree


@pytest.fixture
def pair(make_finding, demo_kernel):
    """pair(**changes) -> a sure finding and one far down, of another function, the second with some changes."""

    with KernelTree.open(demo_kernel, "HEAD") as tree:
        found = make_finding(tree, "fs/demo/file.c", "demo_writepage1")

    def make(taker="bed_get", doubts=(FAR,), **changes):
        taken = Step(found.file, 3, "bed_get() takes bed bed")
        near = dataclasses.replace(found, evidence=(taken,), confidence=Confidence.HIGH)
        steps = (
            Step(near.file, 7, f"{taker}() takes bed bed"),
            *(Step(near.file, 9, f"moderate: {why}") for why in doubts),
        )
        far = dataclasses.replace(near, function="below", confidence=Confidence.MODERATE, evidence=steps)
        return near, dataclasses.replace(far, **changes)

    return make


def test_the_same_fault_is_as_sure_far_down(pair):
    """A maintainer who is sent one of three wants all three in one patch."""
    near, far = as_sure_as_nearer(pair())
    assert (near.confidence, far.confidence, far.doubts) == (Confidence.HIGH, Confidence.HIGH, ())
    assert (
        far.evidence[-1].note
        == f"the same is kept by {near.function}() at line {near.line}, and a method is near to that"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"taker": "row_get"},
        {"doubts": (FAR, "it may be meant")},
        {"doubts": ("it may be meant",)},
        {"file": "fs/other.c"},
    ],
    ids=["another call", "more doubts", "another doubt", "another file"],
)
def test_another_fault_stays_as_it_was(pair, changes):
    """What else speaks against a finding, a sure one beside it does not take away."""
    given = pair(**changes)
    assert as_sure_as_nearer(given) == given
