"""Refuse a fix that would be made again in a second run."""

from __future__ import annotations

from cocci_gen.filters import Claim
from cocci_gen.findings.trials import Trial

OF_FIX = True


def judge(case: Claim) -> str:
    """A reason when the semantic patch changes the mended place once more."""
    if isinstance(case.trial, Trial) and case.trial.applies and not case.trial.converges:
        return "a second run of the fix changes the file again"
    return ""
