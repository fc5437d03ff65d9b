"""What stage 5 is asked and what it answers: Job, Outcome, and their rows in the cache.

Rows are JSON and not pickles: a cache file is data and must not be able to run code.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from cocci_gen.coccinelle.cache import content_key
from cocci_gen.coccinelle.parse_report import Hole, ParseReport

#: Part of every cache key: bump it when outcomes are read from spatch in another way.
_READING = "3"
#: How spatch is run; a job adds its virtual rules.  Not quiet: what it says of the slice proves that it has looked at it.
OPTIONS = ("--no-includes", "--macro-file-builtins", "macros.h", "--temp-files", ".")
#: A file of isomorphisms with none in it.
NO_ISOMORPHISMS = "none.iso"
AS_WRITTEN = ("--iso-file", NO_ISOMORPHISMS)
PARSE_OPTIONS = ("--parse-error-msg", "--macro-file-builtins", "macros.h", "--parse-c", "slice.c")


@dataclass(frozen=True, slots=True)
class Slice:
    """One C file with unrelated bodies blanked and its line structure kept; `path` is only shown, never opened."""

    path: str
    text: bytes


#: The focus of a job that changes what it can and calls nothing clean.
NOWHERE = (0, 0)


@dataclass(frozen=True, slots=True)
class Job:
    """One semantic patch on one slice.

    `defines` are the virtual rules (-D).  `focus` is the range of lines (1-based, inclusive) that must have been
    examined before the slice may be called clean, usually the function in question; None means all of them, NOWHERE none.
    `as_written` takes the patterns without the isomorphisms of spatch: to read these is half of what a small job costs, and they
    rewrite tests, casts and braces, of which the templates have none.
    """

    obligation: str
    semantic_patch: str
    defines: tuple[str, ...]
    slice: Slice
    timeout: float = 60.0
    focus: tuple[int, int] | None = None
    as_written: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """How spatch is run for it."""
        return OPTIONS + AS_WRITTEN if self.as_written else OPTIONS


@dataclass(frozen=True, slots=True)
class Patched:
    """The semantic patch changed the slice: the whole new text, and our own diff of it, from a/slice.c to b/slice.c."""

    job_key: str
    text: bytes
    diff: bytes


@dataclass(frozen=True, slots=True)
class Matched:
    """The `*` of a context rule matched these lines of the slice (1-based, ascending)."""

    job_key: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Clean:
    """Nothing matched, and spatch did examine what it was asked to."""


@dataclass(frozen=True, slots=True)
class NotParsed:
    """Nothing matched, but spatch could not parse all of what it was asked to examine: these lines (0 for all of the slice)."""

    reason: str
    first: int = 0
    last: int = 0

    @property
    def words(self) -> str:
        """The lines and the reason."""
        return f"lines {self.first}-{self.last}: {self.reason}" if self.last else self.reason


@dataclass(frozen=True, slots=True)
class TimedOut:
    """spatch was killed after this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """spatch said or did something that is not known to be fine."""

    reason: str


Outcome = Patched | Matched | Clean | NotParsed | TimedOut | Failed


@dataclass(frozen=True, slots=True)
class Engine:
    """All that a worker has to know besides the job; it travels with the job."""

    program: str
    version: str
    macros: bytes
    memory_bytes: int

    def key(self, job: Job) -> str:
        """The cache key of a job: everything that its outcome depends on, and not the path of the slice."""
        setup: tuple[str | bytes, ...] = ("job", _READING, self.version, self.macros, *job.options, *job.defines)
        return content_key((*setup, f"focus {job.focus}", job.semantic_patch, job.slice.text))

    def parse_key(self, text: bytes) -> str:
        """The cache key of a parse report."""
        return content_key(("parse", _READING, self.version, self.macros, *PARSE_OPTIONS, text))


@dataclass(frozen=True, slots=True)
class Finished:
    """What comes back from a worker; `report` is there when the slice had to be parsed for it."""

    outcome: Outcome
    report: ParseReport | None


def dump_outcome(outcome: Outcome) -> bytes | None:
    """An outcome -> its row in the cache; None for one that may be different next time."""
    match outcome:
        case Patched(job_key=key, text=text, diff=diff):
            return _dump("patched", key, text.decode("latin-1"), diff.decode("latin-1"))
        case Matched(job_key=key, lines=lines):
            return _dump("matched", key, list(lines))
        case Clean():
            return _dump("clean")
        case NotParsed(reason=reason, first=first, last=last):
            return _dump("not parsed", reason, first, last)
    return None


def load_outcome(row: bytes | None) -> Outcome | None:
    """The reverse of `dump_outcome`; None for no row, or one that this version cannot read."""
    match _load(row):
        case ["patched", str(key), str(text), str(diff)]:
            return Patched(key, text.encode("latin-1"), diff.encode("latin-1"))
        case ["matched", str(key), list(lines)]:
            return Matched(key, tuple(int(line) for line in lines))
        case ["clean"]:
            return Clean()
        case ["not parsed", str(reason), int(first), int(last)]:
            return NotParsed(reason, first, last)
    return None


def dump_report(report: ParseReport) -> bytes:
    """A parse report -> its row in the cache."""
    holes = [[hole.first, hole.last, hole.reason] for hole in report.holes]
    return _dump("report", report.good_lines, report.bad_lines, holes)


def load_report(row: bytes | None) -> ParseReport | None:
    """The reverse of `dump_report`."""
    match _load(row):
        case ["report", int(good), int(bad), list(holes)]:
            return ParseReport(good, bad, tuple(Hole(int(first), int(last), str(why)) for first, last, why in holes))
    return None


def _dump(*row: object) -> bytes:
    return json.dumps(row).encode()


def _load(row: bytes | None) -> object:
    try:
        return json.loads(row) if row else None
    except ValueError:
        return None
