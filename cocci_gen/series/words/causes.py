"""The conditions of several exits, each in words -> one phrase, in which nothing is said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cocci_gen.series.words.condition import IN_LOOP

#: A cause that says what went wrong, where others only read a test aloud.
_FAILURE = re.compile(rf"\w+\(\) (?:fails(?:{IN_LOOP})?|does|is interrupted by a (?:fatal )?signal)")


def is_failure(cause: str) -> bool:
    """Whether a cause is a call that fails."""
    return _FAILURE.fullmatch(cause) is not None


def without_parts(causes: Iterable[str]) -> list[str]:
    """Causes without those of which another says more: `f() fails in the loop` where f() fails elsewhere, too."""
    every = list(causes)
    return [one for one in every if not one.endswith(IN_LOOP) or one.removesuffix(IN_LOOP) not in every]


def any_of(causes: Sequence[str]) -> str:
    """Causes of which one is enough -> `f() or g() fails`, `a and either b or c are true`."""
    for verb in (" fails", " is interrupted by a fatal signal", " is interrupted by a signal"):
        if len(causes) > 1 and all(cause.endswith(f"){verb}") for cause in causes):
            names = [cause.removesuffix(verb) for cause in causes]
            return f"{', '.join(names[:-1])} or {names[-1]}{verb}"
    pairs = [re.fullmatch(r"(.+) and (.+) are (true|false)", cause) for cause in causes]
    found = [one for one in pairs if one is not None]
    if len(found) == len(causes) == 2 and (found[0][1], found[0][3]) == (found[1][1], found[1][3]):
        return f"{found[0][1]} and either {found[0][2]} or {found[1][2]} are {found[0][3]}"
    return ", or ".join(causes)
