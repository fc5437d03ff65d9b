"""PortRules in their order and the code at hand -> the code after each, every change verified before the next rule runs.

A change stands when spatch made it, the file parses no worse than before, and the rule again changes nothing; else
the file stays as it was and the rule is told to have failed there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

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
from cocci_gen.port.examples import words_of
from cocci_gen.port.layout import relaid
from cocci_gen.port.rules import PortRule

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
    """The code after all rules, and what each did."""

    texts: Mapping[str, bytes]
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
) -> Ported:
    """Rules in their order, and texts by path -> the texts after them."""
    now = dict(texts)
    words = {path: words_of(text) for path, text in now.items()}
    applied: list[Applied] = []
    refused: list[NotApplied] = []
    for number, rule in enumerate(rules):
        progress(number, len(rules))
        paths = [path for path in sorted(now) if rule.may_change(words[path])]
        for one in _applied(rule, {path: now[path] for path in paths}, runner, prelude):
            if isinstance(one, NotApplied):
                refused.append(one)
                continue
            applied.append(one)
            now[one.path] = one.after
            words[one.path] = words_of(one.after)
    progress(len(rules), len(rules))
    return Ported(now, tuple(applied), tuple(refused))


def _applied(
    rule: PortRule, texts: Mapping[str, bytes], runner: SpatchRunner, prelude: Prelude
) -> Iterator[Applied | NotApplied]:
    """One rule on some files: run, then run again on what came out."""
    again: list[tuple[str, bytes]] = []
    for path, outcome, result in _run(rule, texts.items(), runner, prelude):
        if result is not None and result != texts[path]:
            again.append((path, relaid(texts[path], result)))
        elif reason := _trouble(outcome):
            yield NotApplied(rule, path, reason)
    for path, outcome, result in _run(rule, again, runner, prelude):
        after = dict(again)[path]
        if result is not None and result != after:
            yield NotApplied(rule, path, "applied again it changes more, so it is not sure what it does")
        elif not isinstance(outcome, Patched) and (reason := _trouble(outcome)):
            yield NotApplied(rule, path, reason)
        elif worse := _worse(runner, path, texts[path], after):
            yield NotApplied(rule, path, worse)
        else:
            yield Applied(rule, path, texts[path], after)


def _run(
    rule: PortRule, files: Iterable[tuple[str, bytes]], runner: SpatchRunner, prelude: Prelude
) -> Iterator[tuple[str, Outcome, bytes | None]]:
    """(path, outcome, new text or None) for each file."""
    known = [(path, prelude(path, text, rule), text) for path, text in files]
    jobs = [Job(rule.id, rule.text, (), Slice(path, told + text), _SECONDS, (1, 1)) for path, told, text in known]
    for (path, told, _), (_, outcome) in zip(known, runner.run(jobs), strict=True):
        match outcome:
            case Patched(text=text) if text.startswith(told):
                yield path, outcome, text[len(told) :]
            case Patched():
                yield path, Failed("spatch changed what the file was told about its types"), None
            case _:
                yield path, outcome, None


def _trouble(outcome: Outcome) -> str:
    """Why an outcome is no answer; "" for one that is."""
    match outcome:
        case Failed(reason=reason) | NotParsed(reason=reason):
            return reason
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
