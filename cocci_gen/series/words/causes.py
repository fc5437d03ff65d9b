"""The conditions of several exits, each in words -> one phrase, in which nothing is said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cocci_gen.series.words.condition import IN_LOOP
from cocci_gen.series.words.failures import FINDS_NOTHING

#: A cause that says what went wrong, where others only read a test aloud.
_FAILURE = re.compile(
    rf"(?:[\w>.-]+\(\) or )?[\w>.-]+\(\) (?:fails(?:{IN_LOOP})?|{FINDS_NOTHING}|does|is interrupted by a (?:fatal )?signal)"
)


def is_failure(cause: str) -> bool:
    """Whether a cause is a call that fails."""
    return _FAILURE.fullmatch(cause) is not None


def without_parts(causes: Iterable[str]) -> list[str]:
    """Causes without those of which another says more: `f() fails in the loop` where f() fails elsewhere, too."""
    every = list(causes)
    return [one for one in every if not one.endswith(IN_LOOP) or one.removesuffix(IN_LOOP) not in every]


def any_of(causes: Sequence[str]) -> str:
    """Causes of which one is enough -> `f() or g() fails`, `a and either b or c are true`."""
    for verb in (" fails", f" {FINDS_NOTHING}", " is interrupted by a fatal signal", " is interrupted by a signal"):
        if len(causes) > 1 and all(cause.endswith(f"){verb}") for cause in causes):
            names = [cause.removesuffix(verb) for cause in causes]
            return f"{', '.join(names[:-1])} or {names[-1]}{verb}"
    return ", or ".join(_either(causes))


def _either(causes: Sequence[str]) -> list[str]:
    """Causes, of two in a row that differ in the last thing asked one: `a and either b or c are true`."""
    found: list[str] = []
    for cause in causes:
        pair = re.fullmatch(r"(.+) and (.+) are (true|false)", cause)
        last = re.fullmatch(r"(.+) and (.+) are (true|false)", found[-1]) if found and pair else None
        if pair and last and (last[1], last[3]) == (pair[1], pair[3]) and " and " not in pair[1]:
            found[-1] = f"{pair[1]} and either {last[2]} or {pair[2]} are {pair[3]}"
        else:
            found.append(cause)
    return found
