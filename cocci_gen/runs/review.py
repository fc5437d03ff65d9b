"""A run folder and a baseline -> verdicts of a person, each written as soon as it is given.

The terminal is the caller's: `show` and `ask` stand for it, so that a script or a test can sit there instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rich.text import Text

from cocci_gen.errors import KernelTreeError, UsageProblem
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Fix
from cocci_gen.kernel.modules import ModuleTree
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.baseline import Baseline, Ruling, Status, read_baseline, record, shown_path, withdraw
from cocci_gen.runs.folder import RunHeader
from cocci_gen.runs.pages import Missing, Source, list_line, page, shown
from cocci_gen.runs.reopen import reopened
from cocci_gen.runs.rulings import ruled
from cocci_gen.scan.pipeline import Judged

_KEYS = "[a]ccept  [r]eject  [l]ater  [g]roup  [u]ndo  [f]ilter  [p]ager  [q]uit  [?]"
_HELP = """\
a  accept: it is right, and its fix may go into a series
r  reject: asks for a status and a reason; e as reason opens $EDITOR
l  later: leave it open
g  group: one verdict for all findings here whose fix is the same change
u  undo: take the last answer back, in the file too
f  filter: only findings with some words (high, returns, fs/nfs, a function); empty for all
p  pager: this page in $PAGER
q  quit: what was given is kept"""
_STATUSES = {
    "f": Status.FALSE_POSITIVE,
    "w": Status.WONTFIX,
    "s": Status.SENT,
    "x": Status.FIXED,
}
#: The words that keys stand for, for who types them whole.
_SPELT = {
    word: word[0]
    for word in ("accept", "reject", "later", "group", "undo", "filter", "pager", "quit", "back", "sent", "wontfix")
}
_SPELT |= {"false positive": "f", "fixed elsewhere": "x"}
_WHY = "[f]alse positive  [w]ontfix  [s]ent  fi[x]ed elsewhere  (enter: f, [b]ack)"


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who judges, when, and in which file it is written."""

    path: Path
    who: str
    today: date
    #: What others have said, which the file may say otherwise.
    under: Baseline = field(default_factory=Baseline)

    def baseline(self) -> Baseline:
        """The file as it is now, over what others have said."""
        return (read_baseline(self.path) if self.path.exists() else Baseline()).over(self.under)

    def judge(self, judged: Judged, status: Status, reason: str) -> None:
        """Write a verdict."""
        finding = judged.finding
        ruling = Ruling(
            fingerprint=finding.fingerprint,
            obligation=finding.obligation.id,
            file=shown_path(finding.file),
            function=finding.function,
            status=status,
            reason=" ".join(reason.split()),
            date=self.today,
            who=self.who,
        )
        if status is not Status.ACCEPTED and not ruling.reason:
            raise UsageProblem(f"a verdict of status {status} needs a reason; give one with --reason")
        record(self.path, ruling)


def queue(findings: Sequence[Judged], baseline: Baseline, everything: bool = False) -> tuple[Judged, ...]:  # noqa: FBT001
    """What there is to judge, the surest first; `everything` adds what filters reject and what is judged already."""
    unique = {one.finding.fingerprint: one for one in reversed(ruled(findings, baseline))}
    open_ = [
        one
        for one in unique.values()
        if everything or (isinstance(one.verdict, Accepted) and baseline.of(one.finding.fingerprint) is None)
    ]
    return tuple(sorted(open_, key=lambda one: (-one.finding.confidence.rank, one.finding.file, one.finding.line)))


def find(findings: Sequence[Judged], wanted: str) -> Judged:
    """A fingerprint or its beginning -> the finding; UsageProblem where none or several have it."""
    hits = {one.finding.fingerprint: one for one in reversed(findings) if one.finding.fingerprint.startswith(wanted)}
    if len(hits) == 1 and len(wanted) >= 4:
        return next(iter(hits.values()))
    one = "fingerprint" if len(hits) == 1 else "fingerprints"
    problem = f"begins {len(hits)} {one}" if hits and wanted else "is the fingerprint of no finding"
    if len(hits) == 1:
        raise UsageProblem(f"{wanted!r} is too short; at least four digits of a fingerprint are asked for")
    raise UsageProblem(f"{wanted!r} {problem} of this run; `cocci-gen review RUN --list --all` shows them all")


def tree_source(folder: Path, header: RunHeader, kernel: Path | None) -> tuple[Source, KernelTree | Missing]:
    """The tree of the run in a folder (its kernel at `kernel`, if it has moved) -> its files, with whatever is laid over them; a
    tree that is gone shows nothing."""
    try:
        tree = reopened(folder, header, kernel)
    except KernelTreeError as error:
        gone = Missing(str(error))
        return lambda _: gone, gone

    def read(name: str) -> bytes | Missing:
        place = tree.inside(name) if isinstance(tree, ModuleTree) else name
        try:
            return tree.read(place if place in tree.blobs() else name)
        except KernelTreeError as error:
            return Missing(str(error))

    return read, tree


def fix_key(judged: Judged) -> tuple[object, ...]:
    """What the fix of a finding does, wherever: equal keys are the same change.  () where there is no fix."""
    fix = judged.finding.fix
    if not isinstance(fix, Fix):
        return ()
    return tuple((_squeezed(edit.old), _squeezed(edit.new)) for edit in fix.edits)


def _squeezed(lines: Sequence[bytes]) -> bytes:
    return b" ".join(b"".join(lines).split())


def chosen(findings: Sequence[Judged], words_: str) -> tuple[Judged, ...]:
    """The findings in whose line all of these words stand: a confidence, a kind, a path, a function."""
    wanted = words_.lower().split()
    return tuple(one for one in findings if all(word in list_line(one, None).lower() for word in wanted))


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a session sits: `show` prints, `ask` asks, `page` shows something long, `edit` lets a text be written in an editor
    (it gives back "" where nothing was written)."""

    show: Callable[[Text], None]
    ask: Callable[[str], str]
    page: Callable[[Text], None]
    edit: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Given:
    """What one answer wrote: the findings with what the file said of each before, the status, and where the session stood."""

    before: tuple[tuple[Judged, Ruling | None], ...]
    status: Status
    place: int


@dataclass(slots=True)
class Session:
    """One sitting at a terminal: `step` through a queue; counts what was given."""

    reviewer: Reviewer
    source: Source
    terminal: Terminal
    accepted: int = 0
    rejected: int = 0
    later: int = 0
    given: list[_Given] = field(default_factory=list)
    passed: set[int] = field(default_factory=set)

    def step(self, findings: Sequence[Judged]) -> None:
        """Show each finding and take its verdict, until the end, `q`, or the end of the input."""
        every = shown_ = tuple(findings)
        place = 0
        try:
            while True:
                if place == len(shown_):
                    if rest := self._others(every):
                        shown_, place = rest, 0
                    elif self._slipped():
                        place = self._undo(place)
                    else:
                        break
                    continue
                judged = shown_[place]
                if self._is_given(judged):  # with its group, a moment ago
                    place += 1
                    continue
                self._show(judged, place, len(shown_))
                answer = self._take(judged, place, shown_)
                if answer == "f":
                    asked = self.terminal.ask("only those with these words (empty for all): ")
                    shown_, place = chosen(every, asked) or self._none_left(shown_, asked), 0
                elif answer == "u":
                    place = self._undo(place)
                else:
                    self.passed.add(id(judged))
                    place += 1
        except EOFError:
            self.terminal.show(Text())  # the question has no end of line
        except _Leave:
            pass
        self.later = sum(not self._is_given(one) for one in every)

    def _others(self, every: Sequence[Judged]) -> tuple[Judged, ...]:
        """What a filter has kept out, once all that it shows is done and the person wants to go on."""
        rest = tuple(one for one in every if id(one) not in self.passed and not self._is_given(one))
        while rest:
            left = f"{len(rest)} {'finding is' if len(rest) == 1 else 'findings are'} outside the filter"
            answer = self._key(f"that was the last of these; {left}: enter to see, [q]uit: ")
            if answer == "q":
                raise _Leave
            if not answer:
                break
            self._unknown(answer)
        return rest

    def _slipped(self) -> bool:
        """Whether the person wants the last answer back, now that the queue is at its end."""
        while self.given:
            answer = self._key("that was the last one; enter to end, [u]ndo: ")
            if answer in ("", "q", "u"):
                return answer == "u"
            self._unknown(answer)
        return False

    def _key(self, question: str) -> str:
        """What was answered: a key, be it spelt as the word that it stands for, or whatever else was typed."""
        answer = " ".join(self.terminal.ask(question).lower().split())
        return _SPELT.get(answer, answer)

    def _unknown(self, answer: str) -> None:
        self.terminal.show(Text(f"{shown(answer)!r} is no answer here" if answer else "that needs an answer", "yellow"))

    def _show(self, judged: Judged, place: int, total: int) -> None:
        ruling = self.reviewer.baseline().of(judged.finding.fingerprint)
        self.terminal.show(Text(f"\n{place + 1} of {total}", "bold reverse"))
        self.terminal.show(page(judged, ruling, self.source))

    def _is_given(self, judged: Judged) -> bool:
        return any(judged is one for given in self.given for one, _ in given.before)

    def _none_left(self, shown_: tuple[Judged, ...], asked: str) -> tuple[Judged, ...]:
        self.terminal.show(Text(f"no finding has {shown(asked)!r}; all stay", "yellow"))
        return shown_

    def _take(self, judged: Judged, place: int, every: Sequence[Judged]) -> str:
        """Ask until there is an answer that moves on: a, r, l, g, u or f."""
        while True:
            answer = self._key(f"{_KEYS}: ")
            if answer == "q":
                raise _Leave
            if answer == "l":
                return answer
            if answer == "a":
                self._give([judged], Status.ACCEPTED, "", place)
                return answer
            if answer in ("r", "g"):
                if self._reject([judged], place) if answer == "r" else self._group(judged, place, every):
                    return answer
            elif answer in ("u", "f") and (answer == "f" or self.given):
                return answer
            elif answer == "u":
                self.terminal.show(Text("there is no answer to take back", "yellow"))
            elif answer == "p":
                ruling = self.reviewer.baseline().of(judged.finding.fingerprint)
                self.terminal.page(page(judged, ruling, self.source))
            elif answer == "?":
                self.terminal.show(Text(_HELP))
            else:
                self._unknown(answer)

    def _give(self, findings: Sequence[Judged], status: Status, reason: str, place: int) -> None:
        """Write the verdict on each of them, and remember what to take back."""
        known = self.reviewer.baseline()
        before = tuple((one, known.of(one.finding.fingerprint)) for one in findings)
        for one in findings:
            self.reviewer.judge(one, status, reason)
        self.given.append(_Given(before, status, place))
        self._count(status, len(findings))

    def _count(self, status: Status, number: int) -> None:
        if status is Status.ACCEPTED:
            self.accepted += number
        else:
            self.rejected += number

    def _undo(self, place: int) -> int:
        """Take the last answer back, a whole group if it was one; where the session stood then."""
        if not self.given:
            return place
        last = self.given.pop()
        for judged, ruling in last.before:
            if ruling is None:
                withdraw(self.reviewer.path, judged.finding.fingerprint)
            else:
                record(self.reviewer.path, ruling)
        self._count(last.status, -len(last.before))
        return last.place

    def _group(self, judged: Judged, place: int, every: Sequence[Judged]) -> bool:
        """One verdict for all open findings whose fix is the same change."""
        key = fix_key(judged)
        same = [one for one in every if key and fix_key(one) == key and not self._is_given(one)]
        if len(same) < 2:
            self.terminal.show(Text("no other finding here has the same fix", "yellow"))
            return False
        for one in same:
            self.terminal.show(Text(f"  {list_line(one, None)}"))
        answer = self._key(f"all {len(same)}: [a]ccept  [r]eject  anything else: none: ")
        if answer == "a":
            self._give(same, Status.ACCEPTED, "", place)
            return True
        return answer == "r" and self._reject(same, place)

    def _reject(self, findings: Sequence[Judged], place: int) -> bool:
        """Ask for status and reason; an empty reason takes the rejection back, `e` writes it in an editor."""
        while (answer := self._key(f"{_WHY}: ") or "f") not in _STATUSES:
            if answer == "b":
                return False
            self._unknown(answer)
        reason = self.terminal.ask("reason (e for your editor, empty to go back): ").strip()
        if reason == "e":
            reason = self.terminal.edit("").strip()
        if reason:
            self._give(findings, _STATUSES[answer], reason, place)
        else:
            self.terminal.show(Text("no reason, so it is not rejected", "yellow"))
        return bool(reason)


class _Leave(Exception):
    """The person wants to go."""
