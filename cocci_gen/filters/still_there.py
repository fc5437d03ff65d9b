"""Refuse a fix that leaves its finding, or brings another one."""

from __future__ import annotations

from cocci_gen.filters import Claim
from cocci_gen.findings.trials import Trial

OF_FIX = True


def judge(case: Claim) -> str:
    """A reason when the function still has the finding, or a new one, after the fix."""
    if not isinstance(case.trial, Trial) or not case.trial.applies:
        return ""
    if not case.trial.gone:
        return "the finding is still there after the fix"
    if case.trial.new:
        return f"the fix brings a new finding: {case.trial.new[0]}"
    return ""
