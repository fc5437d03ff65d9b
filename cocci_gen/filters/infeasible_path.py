"""Reject a finding to which no path leads that does not contradict itself."""

from __future__ import annotations

from cocci_gen.filters import Claim


def judge(case: Claim) -> str:
    """A reason when every path to the exit was refuted."""
    if case.feasible:
        return ""
    if case.searched:
        return "every path to this exit contradicts itself or discharges the obligation"
    return "the function has too many paths to tell whether one leads here"
