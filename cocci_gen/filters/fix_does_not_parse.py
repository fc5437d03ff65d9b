"""Refuse a fix that leaves a file that spatch understands less well than before."""

from __future__ import annotations

from cocci_gen.filters import Claim
from cocci_gen.findings.trials import Trial

OF_FIX = True


def judge(case: Claim) -> str:
    """A reason when more lines fail to parse after the fix than before it."""
    if isinstance(case.trial, Trial) and case.trial.applies and not case.trial.parses:
        return "the file does not parse as well after the fix as before it"
    return ""
