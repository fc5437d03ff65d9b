"""Refuse a fix of which nobody can tell what it does: spatch or tree-sitter understood only a part of the mended function."""

from __future__ import annotations

from cocci_gen.filters import Claim
from cocci_gen.findings.trials import Untried

OF_FIX = True


def judge(case: Claim) -> str:
    """A reason when the fix could not be tried because a job failed or the function did not parse."""
    if isinstance(case.trial, Untried) and case.trial.failed:
        return f"not examined: {case.trial.reason}"
    return ""
