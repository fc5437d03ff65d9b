"""The scan of one tree and what another one changes in it -> the scan of the other, without a look at what did not change.

Done only where the change is plain: bodies of functions of .c files.  Whoever mentions what changed, and whoever mentions
those, is looked at again, and with them all that stand in the same folders; the rest reads what it read before and stays as
it was, but for the lines of what stands elsewhere in a changed file.  What they hand an obligation on to elsewhere stays too
where both trees say the same of it.  For anything else (headers, tables, macros, documents) the answer is None: scan it all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cocci_gen.code.reading import definitions
from cocci_gen.code.source import EVERY, FileFacts, file_facts
from cocci_gen.document.obligations import WITHOUT_TEMPLATE, Obligation
from cocci_gen.facts.differences import changed_files, macros_in
from cocci_gen.facts.focus import Focus
from cocci_gen.facts.index import OUTSIDE, KernelIndex
from cocci_gen.facts.mentions import Mentions, Place
from cocci_gen.facts.sleeps import FEW
from cocci_gen.facts.steps import Step
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.scan.coverage import coverage
from cocci_gen.scan.pipeline import Judged, Scan
from cocci_gen.scan.relined import Lines, MovedLineError, line_map, relined_finding, relined_standing
from cocci_gen.scan.standings import Standing

_DOCUMENTS = "Documentation/"
#: More changed files than this are no small change.
_MOST_FILES = 100
#: More functions than this are not looked at one by one: the change is one of the kernel's foundations.
_MOST = 1500
#: So often the functions grow that are looked at, because what is looked at hands its obligation on to others.
_ROUNDS = 4

#: A comment, or (to be kept) a string or a character.
_REMARK = re.compile(rb"""/\*.*?\*/|//[^\n]*|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')""", re.S)
#: A focus and the obligations to be asked about -> the scan of one of the trees that looks at those only.
Look = Callable[[Focus, Sequence[Obligation]], Scan]
#: Obligation id, path, function.
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a plain change touches: functions with another text; names by which they are known in the whole tree, and those by
    which only their own file knows them; the files in which more than remarks below all functions changed, and where their lines
    stand now."""

    functions: frozenset[Place]
    wide: frozenset[str]
    own: frozenset[Place]
    files: frozenset[str]
    lines: Lines = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether no code is another, or stands elsewhere."""
        return not self.functions | self.own and not self.files


def plain_change(before: KernelTree, after: KernelTree, index: KernelIndex) -> Changed | None:
    """What differs between two trees, `index` being that of the second; None when it is more than bodies of functions."""
    files = changed_files(before, after)
    code = sorted(path for path in files if path.endswith((".c", ".h")) and not path.startswith(OUTSIDE))
    said = any(path.startswith(_DOCUMENTS) for path in files)  # rules may stand in any of them
    if said or "Makefile" in files or len(code) > _MOST_FILES:
        return None
    functions, wide, own, touched = set[Place](), set[str](), set[Place](), set[str]()
    lines: dict[str, Mapping[int, int]] = {}
    for path in code:
        found = _file_change(before, after, path, index)
        if found is None:
            return None
        functions |= found.functions
        wide |= found.wide
        own |= found.own
        touched |= found.files
        lines |= found.lines
    return Changed(frozenset(functions), frozenset(wide), frozenset(own), frozenset(touched), lines)


def _file_change(before: KernelTree, after: KernelTree, path: str, index: KernelIndex) -> Changed | None:
    old, new = before.blobs().get(path), after.blobs().get(path)
    if path.endswith(".h") or old is None or new is None or old.mode != new.mode:
        return None
    texts = before.read(path), after.read(path)
    facts = tuple(file_facts(text, EVERY, index.version) for text in texts)
    entries = [[e for e in one.entries if e.tag or e.method in index.methods] for one in facts]
    tabled = [[(e.tag, e.variable, e.method, e.function) for e in one] for one in entries]
    if tabled[0] != tabled[1] or list(definitions(texts[0])) != list(definitions(texts[1])):
        return None
    macros = [macros_in(text) for text in texts]
    if {name: text for name, (_, text) in macros[0].items()} != {name: text for name, (_, text) in macros[1].items()}:
        return None
    known = [_functions(text, one) for text, one in zip(texts, facts, strict=True)]
    names = {name for name in known[0].keys() | known[1].keys() if _texts(known[0], name) != _texts(known[1], name)}
    fresh = {name for name in names if name not in known[0] or name not in known[1]}
    if any(index.entries_naming(name) for name in fresh):
        return None
    static = {
        name for name in names if all(span.static for one in facts for span in one.functions if span.name == name)
    }
    places = frozenset((path, name) for name in names)
    in_place = known[0] == known[1] and macros[0] == macros[1] and entries[0] == entries[1]
    files = frozenset[str]() if in_place and _code(texts[0]) == _code(texts[1]) else frozenset({path})
    own = frozenset((path, name) for name in static)
    return Changed(places, frozenset(names - static), own, files, {path: line_map(*texts)})


def _texts(functions: Mapping[str, tuple[tuple[int, bytes], ...]], name: str) -> list[bytes]:
    return [text for _, text in functions.get(name, ())]


def _code(text: bytes) -> list[bytes]:
    """The words of a text without comments."""
    return _REMARK.sub(lambda match: match[1] or b" ", text).split()


def _functions(text: bytes, facts: FileFacts) -> dict[str, tuple[tuple[int, bytes], ...]]:
    """Name -> line and text of the functions of that name."""
    found: dict[str, tuple[tuple[int, bytes], ...]] = {}
    for span in facts.functions:
        found[span.name] = (*found.get(span.name, ()), (span.line, text[span.start : span.end]))
    return found


class Region:
    """The folders that are to be looked at again; it grows by whoever mentions a function of it that changed."""

    def __init__(self, index: KernelIndex, mentions: Mentions, change: Changed) -> None:
        self.index = index
        self.mentions = mentions
        self.functions: set[Place] = set()
        self.lines = change.lines
        self._names: set[str] = set()
        self._add(change.functions, change.wide, change.own)
        self.functions |= {(path, "") for path in change.files}

    @property
    def small(self) -> bool:
        """Whether it is worth the while."""
        return len(self.functions) <= _MOST

    def grow(self, more: Iterable[Place]) -> None:
        """Take further functions in, and whoever mentions them."""
        places = set(more) - self.functions
        self._add(places, {name for _, name in places}, ())

    def _add(self, places: Iterable[Place], wide: Iterable[str], own: Iterable[Place]) -> None:
        """Functions, by which names they are known everywhere, and by which in their file only."""
        self.functions |= set(places)
        level = {place for name in wide for place in self._mentioning(name)}
        level |= {place for path, name in own for place in self.mentions.of(name) if place[0] == path}
        level |= self._by_pointer(places)
        while level := level - self.functions:
            self.functions |= level
            if not self.small:
                return
            level = {place for one in level for place in self._callers(one)} | self._by_pointer(level)

    def _callers(self, place: Place) -> set[Place]:
        path, name = place
        known = self.index.functions_in(path) if path in self.index.paths() else ()
        spans = [one.span for one in known if one.name == name]
        if path.endswith(".c") and spans and all(span.static for span in spans):
            return {one for one in self.mentions.of(name) if one[0] == path}
        return self._mentioning(name)

    def _mentioning(self, name: str) -> set[Place]:
        if name in self._names:
            return set()
        self._names.add(name)
        return self.mentions.of(name)

    def _by_pointer(self, places: Iterable[Place]) -> set[Place]:
        """Who calls a method that few functions implement, one of these among them: the search for sleeps follows it."""
        found = set[Place]()
        for name in {name for _, name in places}:
            for method in {entry.method for entry in self.index.entries_naming(name) if entry.struct}:
                near = {_folder(entry.path) for entry in self.index.entries_naming(name)}
                few = len({(entry.function, entry.path) for entry in self.index.tabled(method, FEW)}) <= FEW
                calls = self.mentions.of_member(method)
                found |= {one for one in calls if few or _folder(one[0]) in near}  # in their own folder they may be few
        return found

    def focus(self) -> Focus:
        """The files of the folders, and the headers with functions that are to be looked at."""
        touched = {path for path, _ in self.functions}
        folders = {_folder(path) for path in touched if path.endswith(".c")}
        return Focus(frozenset(path for path in self.index.paths() if path in touched or _folder(path) in folders))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def region_of(change: Changed, before: KernelTree, index: KernelIndex) -> Region:
    """The functions whose standing a plain change may alter."""
    old = before.blobs()
    return Region(index, index.mentions({old[path].oid: path for path in change.files}), change)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a scan says of one function under one obligation."""

    findings: tuple[Judged, ...]
    unexamined: tuple[Unexamined, ...]
    standings: tuple[Standing, ...]


def increment(former: Scan, region: Region, chosen: Sequence[Obligation], before: Look, after: Look) -> Scan | None:
    """The scan of the new tree from that of the old one; `before` and `after` look at a part of either.  None when too much
    hangs together."""
    asked = [one for one in chosen if one.kind not in WITHOUT_TEMPLATE]
    every = _told(former)
    for _ in range(_ROUNDS):
        focus = _reaching_back(every, region)
        if not region.small:
            return None
        scan = after(focus, asked)
        now, known = _outside(scan, focus), _kept(every, scan, focus)
        doubtful = _told_anew(now, known, focus)
        then = _outside(before(focus, [one for one in asked if one.id in doubtful]), focus) if doubtful else {}
        strange = {key for key in then if key not in now}
        strange |= {
            key for key in now if key[0] in doubtful and _masked(now[key], focus) != _masked(then.get(key), focus)
        }
        # What came to it through the region first is told with the lines of today.
        through = {key: now[key] for key, one in known.items() if then.get(key) == one and key in now}
        told = {key: through.get(key) or _relined(one, region.lines) for key, one in known.items()}
        strange |= {key for key, one in told.items() if one is None}
        if not strange:
            return _joined(former, scan, focus, {key: one for key, one in told.items() if one is not None})
        region.grow((path, name) for _, path, name in strange)
    return None


def _told_anew(now: Mapping[Key, _Told], known: Mapping[Key, _Told], focus: Focus) -> set[str]:
    """The obligations that functions in focus hand on to others, of which is told something else than before: about the rest
    nothing need be asked of the old tree."""
    handed = {key for key, told in known.items() if key[1] not in focus.files and _came_from(told) & focus.files}
    other = {key for key, one in now.items() if _masked(one, focus) != _masked(known.get(key), focus)}
    return {key[0] for key in other | (handed - now.keys())}


def _reaching_back(every: Mapping[Key, _Told], region: Region) -> Focus:
    """The focus, with those who hand an obligation on to a function of a changed file: it is told of through them."""
    while True:
        focus = region.focus()
        back = {key[1:] for key, told in every.items() if key[1] in region.lines and _came_from(told) - focus.files}
        if back <= region.functions or not region.small:
            return focus
        region.grow(back)


def _kept(every: Mapping[Key, _Told], scan: Scan, focus: Focus) -> dict[Key, _Told]:
    """What was told of functions out of focus, and of those in focus that others hand an obligation on to."""
    now = _told(scan)
    return {
        key: told
        for key, told in every.items()
        if key[1] not in focus.files or (key not in now and _came_from(told) - focus.files)
    }


def _came_from(told: _Told) -> set[str]:
    """The files in which what is told begins."""
    first = {one.steps[0].file for one in told.standings if one.steps}
    return first | {one.finding.evidence[0].file for one in told.findings if one.finding.evidence}


def _relined(told: _Told, lines: Lines) -> _Told | None:
    """What was told of a function that did not change, with the lines of today; None where one of them is gone."""
    try:
        return replace(
            told,
            findings=tuple(relined_finding(one, lines) for one in told.findings),
            standings=tuple(relined_standing(one, lines) for one in told.standings),
        )
    except MovedLineError:
        return None


def _outside(scan: Scan, focus: Focus) -> dict[Key, _Told]:
    """What a scan says of functions that are not in focus."""
    return {key: told for key, told in _told(scan).items() if key[1] not in focus.files}


def _told(scan: Scan) -> dict[Key, _Told]:
    """What a scan says of each function."""
    findings, unexamined = defaultdict[Key, list[Judged]](list), defaultdict[Key, list[Unexamined]](list)
    standings = defaultdict[Key, list[Standing]](list)
    for judged in scan.findings:
        findings[judged.finding.obligation.id, judged.finding.file, judged.finding.function].append(judged)
    for missing in scan.unexamined:
        unexamined[missing.obligation, missing.path, missing.function].append(missing)
    for standing in scan.standings:
        standings[standing.obligation, standing.path, standing.function].append(standing)
    return {
        key: _Told(tuple(findings[key]), tuple(unexamined[key]), tuple(standings[key]))
        for key in sorted({*findings, *unexamined, *standings})
    }


def _masked(told: _Told | None, focus: Focus) -> object:
    """The same without the lines of files in focus, which may have moved."""
    if told is None:
        return None

    def without(steps: Iterable[Step]) -> tuple[Step, ...]:
        return tuple(replace(step, line=0) if step.file in focus.files else step for step in steps)

    findings = tuple(
        replace(one, finding=replace(one.finding, evidence=without(one.finding.evidence), registrations=()))
        for one in told.findings
    )
    return findings, told.unexamined, tuple(replace(one, steps=without(one.steps)) for one in told.standings)


def _joined(former: Scan, scan: Scan, focus: Focus, told: Mapping[Key, _Told]) -> Scan:
    """What is in focus now, and what is told of the rest."""
    here = focus.files
    findings = [one for one in scan.findings if one.finding.file in here]
    findings += [one for kept in told.values() for one in kept.findings]
    unexamined = [one for one in scan.unexamined if one.path in here]
    unexamined += [one for kept in told.values() for one in kept.unexamined]
    standings = [one for one in scan.standings if one.path in here]
    standings += [one for kept in told.values() for one in kept.standings]
    named = {one for one in former.named if one[0] not in here} | {one for one in scan.named if one[0] in here}
    kept = {key[1:] for key in told}
    looked = {one for one in former.looked if one[0] not in here or one[:2] in kept}
    looked |= {one for one in scan.looked if one[0] in here}
    return replace(
        scan,
        obligations=former.obligations,
        findings=tuple(
            sorted(findings, key=lambda one: (one.finding.file, one.finding.line, one.finding.obligation.id))
        ),
        unexamined=tuple(sorted(unexamined, key=lambda one: (one.path, one.line, one.obligation))),
        standings=tuple(sorted(standings, key=lambda one: (one.path, one.line, one.function, one.obligation))),
        functions=len(looked),
        files=len({path for path, _, _ in looked}),
        coverage=coverage(named, standings),
        looked=tuple(sorted(looked)),
        named=tuple(sorted(named)),
    )
