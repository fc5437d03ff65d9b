"""PortRules in their order and the code at hand -> the code after each, every change verified before the next rule runs.

A change stands when spatch made it, the file parses no worse than before, and the rule again changes nothing; else
the file stays as it was and the rule is told to have failed there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.coccinelle.jobs import NOWHERE
from cocci_gen.coccinelle.spatch import (
    Clean,
    Failed,
    Job,
    Matched,
    NotParsed,
    Outcome,
    ParseReport,
    Patched,
    Slice,
    SpatchRunner,
    TimedOut,
)
from cocci_gen.code.texts.source import FunctionSpan, file_facts
from cocci_gen.port.edits.empty_conditions import without_empty
from cocci_gen.port.edits.excerpts import Excerpt, excerpt_of
from cocci_gen.port.edits.kept_comments import with_comments
from cocci_gen.port.edits.layout import relaid, without_ends
from cocci_gen.port.edits.refusals import refused_for
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.texts.plain_text import words_of
from cocci_gen.port.texts.versions import live, restored

_SECONDS = 60.0
#: What a rule is told about types that the file itself does not declare, in front of its first line.
Prelude = Callable[[str, bytes, PortRule], bytes]


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule changed a file; everything that was checked of it held."""

    rule: PortRule
    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A rule would have changed a file, or might have, and was not let."""

    rule: PortRule
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ported:
    """The code after all rules (`live` is what the new kernel compiles of it), and what each did."""

    texts: Mapping[str, bytes]
    live: Mapping[str, bytes]
    applied: tuple[Applied, ...]
    refused: tuple[NotApplied, ...]


def no_prelude(path: str, text: bytes, rule: PortRule) -> bytes:
    """Nothing is told."""
    del path, text, rule
    return b""


def apply_rules(
    rules: Sequence[PortRule],
    texts: Mapping[str, bytes],
    runner: SpatchRunner,
    prelude: Prelude = no_prelude,
    progress: Callable[[int, int], None] = lambda done, total: None,
    version: tuple[int, int, int] = (0, 0, 0),
    decided: Mapping[str, bytes] | None = None,
) -> Ported:
    """Rules in their order, and texts by path -> the texts after them; of conditions on the version, only what a kernel of this
    one compiles is changed.  `decided` are the same texts with `1` and `0` for other conditions that are known."""
    known = decided or {}
    now = {path: _File(path, text, known.get(path, text), version) for path, text in texts.items()}
    applied: list[Applied] = []
    refused: list[NotApplied] = []
    for number, rule in enumerate(rules):
        progress(number, len(rules))
        files = [now[path] for path in sorted(now) if rule.may_change(now[path].words, path)]
        for one, file in _applied(rule, files, runner, prelude):
            if isinstance(one, NotApplied):
                refused.append(one)
                continue
            applied.append(one)
            now[one.path] = file
    progress(len(rules), len(rules))
    return Ported(
        {path: file.original for path, file in now.items()},
        {path: file.text for path, file in now.items()},
        tuple(applied),
        tuple(refused),
    )


class _File:
    """A file in one state, with what is known of it; `text` is what the new kernel compiles of it."""

    def __init__(self, path: str, original: bytes, decided: bytes, version: tuple[int, int, int]) -> None:
        self.path = path
        self.original = original
        self.decided = decided
        self.version = version
        self.text = live(decided, version)
        self.words = words_of(self.text)
        self._functions: tuple[FunctionSpan, ...] | None = None

    def changed(self, result: bytes) -> _File | None:
        """The file after its text became another; None where that reaches into what is not compiled."""
        return self._with(without_empty(self.text, relaid(self.text, with_comments(self.text, result))))

    def without_ends(self, before: _File, bare: Collection[str]) -> _File:
        """The file without the `;` that SmPL had to write behind these macros."""
        after = without_ends(before.text, self.text, bare)
        return self if after == self.text else self._with(after) or self

    def _with(self, after: bytes) -> _File | None:
        whole, decided = (restored(text, self.text, after) for text in (self.original, self.decided))
        return None if whole is None or decided is None else _File(self.path, whole, decided, self.version)

    def excerpt(self, rule: PortRule) -> Excerpt:
        """What a rule has to see of the file."""
        if self._functions is None:
            self._functions = file_facts(self.text, ()).functions
        return excerpt_of(self.text, self._functions, rule)


def _applied(
    rule: PortRule, files: Sequence[_File], runner: SpatchRunner, prelude: Prelude
) -> Iterator[tuple[Applied | NotApplied, _File]]:
    """One rule on some files: run, then run again on what came out; with the file as it is then."""
    again: dict[str, _File] = {}
    known = {file.path: file for file in files}
    for path, outcome, result in _run(rule, files, runner, prelude):
        if result is not None and result != known[path].text:
            changed = known[path].changed(result)
            if changed is None:
                reason = "what it changes lies partly under a condition for other kernels, or is made by a macro"
                yield NotApplied(rule, path, reason), known[path]
            else:
                again[path] = changed
        elif reason := _trouble(outcome):
            yield NotApplied(rule, path, reason), known[path]
    for path, outcome, result in _run(rule, tuple(again.values()), runner, prelude):
        before, after = known[path], again[path]
        if result is not None and result != after.text:
            yield NotApplied(rule, path, "applied again it changes more, so it is not sure what it does"), before
        elif not isinstance(outcome, Patched) and (reason := _trouble(outcome)):
            yield NotApplied(rule, path, reason), before
        elif worse := _worse(runner, path, before.text, after.text):
            yield NotApplied(rule, path, worse), before
        else:
            after = after.without_ends(before, rule.bare)
            yield Applied(rule, path, before.original, after.original), after


def _run(
    rule: PortRule, files: Sequence[_File], runner: SpatchRunner, prelude: Prelude
) -> Iterator[tuple[str, Outcome, bytes | None]]:
    """(path, outcome, new text or None) for each file."""
    seen = [(file, prelude(file.path, file.text, rule), file.excerpt(rule)) for file in files]
    jobs = [
        Job(rule.id, rule.text, (), Slice(file.path, told + excerpt.text), _SECONDS, NOWHERE)
        for file, told, excerpt in seen
    ]
    for (file, told, excerpt), (_, outcome) in zip(seen, runner.run(jobs), strict=True):
        if not isinstance(outcome, Patched):
            yield file.path, outcome, None
            continue
        whole = excerpt.whole(outcome.text[len(told) :]) if outcome.text.startswith(told) else None
        if whole is None:
            yield file.path, Failed("spatch changed what it was not given to change"), None
        else:
            yield file.path, outcome, whole


def _trouble(outcome: Outcome) -> str:
    """Why an outcome is no answer; "" for one that is."""
    match outcome:
        case Failed(reason=reason) | NotParsed(words=reason):
            return refused_for(reason)
        case TimedOut(seconds=seconds):
            return f"spatch was stopped after {seconds:g} s"
        case Matched():
            return "the rule only marks places"
        case Clean() | Patched():
            return ""


def _worse(runner: SpatchRunner, path: str, before: bytes, after: bytes) -> str:
    """Whether spatch understands less of a file than before the change."""
    old, new = (runner.parse_check(Slice(path, text), _SECONDS) for text in (before, after))
    return "the changed file parses worse than before" if _bad(new) > _bad(old) else ""


def _bad(report: ParseReport) -> int:
    return report.bad_lines
