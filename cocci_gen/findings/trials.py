"""A finding and its edits -> Trial, what the mended file says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """How a fix fared: it applies, parses, removes its finding, brings no new one, and is not made twice; `mends` are the
    fingerprints of the other findings about the function that are gone with it."""

    applies: bool
    parses: bool
    gone: bool
    new: tuple[str, ...]
    converges: bool
    detail: str
    mends: frozenset[str] = frozenset()

    @property
    def passed(self) -> tuple[str, ...]:
        """The rungs that hold, in the words of the notes under a patch."""
        rungs = (
            ("applies", self.applies),
            ("parses", self.parses),
            ("finding gone", self.gone),
            ("none new", not self.new),
            ("converges", self.converges),
        )
        return tuple(name for name, holds in rungs if holds)


@dataclass(frozen=True, slots=True)
class Untried:
    """No fix was tried: none was made, or (`failed`) a job that it needs gave no answer."""

    reason: str
    failed: bool
