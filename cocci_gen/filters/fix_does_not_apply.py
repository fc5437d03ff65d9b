"""Refuse a fix that does not fit the file that it was made for."""

from __future__ import annotations

from cocci_gen.filters import Claim
from cocci_gen.findings.trials import Trial

OF_FIX = True


def judge(case: Claim) -> str:
    """A reason when the edits do not apply to the base file."""
    if isinstance(case.trial, Trial) and not case.trial.applies:
        return f"the fix does not apply: {case.trial.detail}"
    return ""
