"""The scan of one tree and what another one changes in it -> the scan of the other, without a look at what did not change.

Done only where the change is plain: bodies of functions, and macros of .c files, which change whoever uses them.  Whoever
mentions what changed, and whoever mentions those, is looked at again, and with them all of the changed files, whose lines move;
the rest reads what it read before and stays as it was, but for the lines of what stands elsewhere in a changed file.  What they
hand an obligation on to elsewhere stays too where both trees say the same of it.  What goes beyond that a function leads to is
noted in the index (`reads_beside`), or known here: who calls it in its file, which decides for `callers`, what it is handed by
who calls it in its folder, and the words that are looked for in whole folders.  Where one of those words comes or goes, and for
anything else (what headers declare, tables, documents), the answer is None: scan it all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cocci_gen.code.reading import definitions
from cocci_gen.code.source import EVERY, FileFacts, file_facts
from cocci_gen.document.obligations import ABOUT_CALLERS, WITHOUT_TEMPLATE, Obligation
from cocci_gen.facts.backing_devices import calls_looked_for
from cocci_gen.facts.differences import changed_files, macros_in
from cocci_gen.facts.focus import Focus
from cocci_gen.facts.index import OUTSIDE, KernelIndex
from cocci_gen.facts.mentions import Mentions, Place, called_in
from cocci_gen.facts.sleeps import FEW
from cocci_gen.facts.steps import Step
from cocci_gen.facts.unmapped import SETS_TABLE
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.kinds.returns.unset_flags import SETS_FLAG
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
_ROUNDS = 5

#: A comment, or (to be kept) a string or a character.
_REMARK = re.compile(rb"""/\*.*?\*/|//[^\n]*|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')""", re.S)
_WORD = re.compile(rb"\w+")
#: A .c file that another one includes: its macros are seen there.
_INCLUDED = r'include.*[.]c"'
#: Name -> the lines where a macro stands, and its texts, as `macros_in` gives them.
MacroTexts = Mapping[str, tuple[tuple[int, ...], tuple[bytes, ...]]]
#: A focus and the obligations to be asked about -> the scan of one of the trees that looks at those only.
Look = Callable[[Focus, Sequence[Obligation]], Scan]
#: Obligation id, path, function.
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a plain change touches: functions with another text; names by which they are known in the whole tree, and those by
    which only their own file knows them; the files in which more than remarks below all functions changed, and where their lines
    stand now; and what the functions call, before or after (the folder and the name)."""

    functions: frozenset[Place]
    wide: frozenset[str]
    own: frozenset[Place]
    files: frozenset[str]
    lines: Lines = field(default_factory=dict)
    calls: frozenset[Place] = frozenset()

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
    functions, wide, own, touched, calls = set[Place](), set[str](), set[Place](), set[str](), set[Place]()
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
        calls |= found.calls
    return Changed(frozenset(functions), frozenset(wide), frozenset(own), frozenset(touched), lines, frozenset(calls))


def _file_change(before: KernelTree, after: KernelTree, path: str, index: KernelIndex) -> Changed | None:
    old, new = before.blobs().get(path), after.blobs().get(path)
    if old is None or new is None or old.mode != new.mode:
        return None
    texts = before.read(path), after.read(path)
    if any(one.findall(texts[0]) != one.findall(texts[1]) for one in (*calls_looked_for(), SETS_FLAG, SETS_TABLE)):
        return None
    facts = tuple(file_facts(text, EVERY, index.version) for text in texts)
    entries = [[e for e in one.entries if e.tag or e.method in index.methods] for one in facts]
    tabled = [[(e.tag, e.variable, e.method, e.function) for e in one] for one in entries]
    if _unread(texts[0], facts[0]) != _unread(texts[1], facts[1]):
        return None
    if tabled[0] != tabled[1] or list(definitions(texts[0])) != list(definitions(texts[1])):
        return None
    if path.endswith(".h") and _outside_bodies(texts[0], facts[0]) != _outside_bodies(texts[1], facts[1]):
        return None
    macros = [macros_in(text) for text in texts]
    other = _other_macros(*macros)
    if other and any(f'{_name(path)}"' in hit.text for hit in index.search(_INCLUDED)):
        return None
    known = [_functions(text, one) for text, one in zip(texts, facts, strict=True)]
    names = {name for name in known[0].keys() | known[1].keys() if _texts(known[0], name) != _texts(known[1], name)}
    fresh = {name for name in names if name not in known[0] or name not in known[1]}
    if any(index.entries_naming(name) for name in fresh):
        return None
    names |= {name for one in known for name, every in one.items() if any(other & _words(text) for _, text in every)}
    static = {
        name
        for name in names
        if path.endswith(".c") and all(span.static for one in facts for span in one.functions if span.name == name)
    }
    places = frozenset((path, name) for name in names)
    in_place = known[0] == known[1] and macros[0] == macros[1] and entries[0] == entries[1]
    files = frozenset[str]() if in_place and _code(texts[0]) == _code(texts[1]) else frozenset({path})
    own = frozenset((path, name) for name in static)
    called = {
        word.decode() for name in names for one in known for text in _texts(one, name) for word in called_in(text)
    }
    calls = frozenset((_folder(path), name) for name in called)
    return Changed(places, frozenset(names - static), own, files, {path: line_map(*texts)}, calls)


def _other_macros(before: MacroTexts, after: MacroTexts) -> set[bytes]:
    """The names of macros that one of two texts has otherwise, and of those that are made of them."""
    found = {
        name for name in before.keys() | after.keys() if before.get(name, ((), ()))[1] != after.get(name, ((), ()))[1]
    }
    grown = True
    while grown:
        words = {name.encode() for name in found}
        more = {
            name for one in (before, after) for name, (_, texts) in one.items() if any(words & _words(t) for t in texts)
        }
        grown = bool(more - found)
        found |= more
    return {name.encode() for name in found}


def _words(text: bytes) -> set[bytes]:
    return set(_WORD.findall(text))


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _outside_bodies(text: bytes, facts: FileFacts) -> list[bytes]:
    """The words of a text without comments and without what stands in the bodies of functions."""
    parts, start = [], 0
    for span in sorted(facts.functions, key=lambda span: span.start):
        head = text[span.start : span.end].partition(b"{")[0]
        parts += [text[start : max(start, span.start)], head]
        start = max(start, span.end)
    return _code(b"\n".join([*parts, text[start:]]))


def _texts(functions: Mapping[str, tuple[tuple[int, bytes], ...]], name: str) -> list[bytes]:
    return [text for _, text in functions.get(name, ())]


def _unread(text: bytes, facts: FileFacts) -> list[bytes]:
    """The lines of a text that did not parse: a function may stand there that nobody sees."""
    lines = text.split(b"\n")
    return [line for first, last in facts.holes for line in lines[first - 1 : last]]


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
    """The functions that are to be looked at again, and the files that changed; it grows by whoever mentions one of them."""

    def __init__(self, index: KernelIndex, mentions: Mentions, change: Changed) -> None:
        self.index = index
        self.mentions = mentions
        self.functions: set[Place] = set()
        #: Functions that are looked at too, but not whoever mentions them: they are the same, and lead to what is the same.
        self.taken: set[Place] = set()
        self.files = change.files
        self.lines = change.lines
        self.calls = change.calls
        self._names: set[str] = set()
        self._add(change.functions, change.wide, change.own)

    @property
    def small(self) -> bool:
        """Whether it is worth the while."""
        return len(self.functions) + len(self.taken) <= _MOST

    def looks_at(self, place: Place) -> bool:
        """Whether a function is looked at again."""
        return place in self.functions or place in self.taken

    def take(self, more: Iterable[Place]) -> None:
        """Take further functions in that are the same and lead to what is the same, but are told of with what is not."""
        self.taken |= set(more) - self.functions

    def grow(self, more: Iterable[Place]) -> None:
        """Take further functions in, and whoever mentions them."""
        places = set(more) - self.functions
        self._add(places, {name for _, name in places}, ())

    def _add(self, places: Iterable[Place], wide: Iterable[str], own: Iterable[Place]) -> None:
        """Functions, by which names they are known everywhere, and by which in their file only."""
        self._close(set(places))
        level = {place for name in wide for place in self._mentioning(name)}
        level |= {place for path, name in own for place in self.mentions.of(name) if place[0] == path}
        level |= self._otherwise(places)
        while level := level - self.functions:
            self._close(level)
            if not self.small:
                return
            level = {place for one in level for place in self._callers(one)} | self._otherwise(level)

    def _close(self, places: set[Place]) -> None:
        self.functions |= places
        self.taken -= places

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

    def _otherwise(self, places: Iterable[Place]) -> set[Place]:
        """Who hangs on a function without a call by its name: who calls a method that few functions implement, it among them
        (the search for sleeps follows that), and whoever has read it beside what he leads to."""
        found = set[Place]()
        for name in {name for _, name in places}:
            found |= self.mentions.of_beside(name)
            for method in {entry.method for entry in self.index.entries_naming(name) if entry.struct}:
                near = {_folder(entry.path) for entry in self.index.entries_naming(name)}
                few = len({(entry.function, entry.path) for entry in self.index.tabled(method, FEW)}) <= FEW
                calls = self.mentions.of_member(method)
                found |= {one for one in calls if few or _folder(one[0]) in near}  # in their own folder they may be few
        return found

    def focus(self) -> Focus:
        """The functions, and all those of the files that changed."""
        known = self.index.paths()
        here = {one for one in self.functions | self.taken if one[0] in known}
        here |= {(path, one.name) for path in self.files & known.keys() for one in self.index.functions_in(path)}
        files = {path for path, _ in here} | (self.files & known.keys())
        return Focus(frozenset(files), frozenset(here) or frozenset({("", "")}))

    def holds(self, key: Key) -> bool:
        """Whether it is told anew how a function stands to an obligation."""
        obligation, path, function = key
        if path in self.files or self.looks_at((path, function)):
            return True
        # Whether a caller of a method is called with the lock hangs on who calls it in its file.
        about_callers = obligation.rpartition(".")[2] in ABOUT_CALLERS
        return about_callers and any(path == file for file, _ in (*self.functions, *self.taken))

    def begins_here(self, told: _Told) -> bool:
        """Whether somebody who is looked at hands on what is told."""
        return any(file in self.files or self.looks_at(self._at(file, line)) for file, line in _begins(told))

    def begins_elsewhere(self, told: _Told) -> bool:
        """Whether somebody who is not looked at hands on what is told."""
        return any(file not in self.files and not self.looks_at(self._at(file, line)) for file, line in _begins(told))

    def _at(self, path: str, line: int) -> Place:
        """The function at a line of a file that did not change."""
        known = self.index.functions_in(path) if path in self.index.paths() else ()
        inside = (one.name for one in known if one.span.line <= line <= one.span.last_line)
        return path, next(inside, "")


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
    region.take(_handed(every, region))
    for _ in range(_ROUNDS):
        _reach_back(every, region)
        _without_lines(every, region)
        if not region.small:
            return None
        focus = region.focus()
        scan = after(focus, asked)
        here = _told(scan)
        if otherwise := _told_otherwise(every, here, region):
            region.grow(otherwise)
            continue
        now, known = _outside(here, region), _kept(every, here, region)
        doubtful = _told_anew(now, known, region)
        then = _outside(_told(before(focus, [one for one in asked if one.id in doubtful])), region) if doubtful else {}
        strange = {key for key in then if key not in now}
        strange |= {
            key for key in now if key[0] in doubtful and _masked(now[key], region) != _masked(then.get(key), region)
        }
        # What came to it through the region first is told with the lines of today.
        through = {key: now[key] for key, one in known.items() if then.get(key) == one and key in now}
        told = {key: through.get(key) or _relined(one, region.lines) for key, one in known.items()}
        strange |= {key for key, one in told.items() if one is None}
        if not strange:
            return _joined(former, scan, here, region, {key: one for key, one in told.items() if one is not None})
        region.grow((path, name) for _, path, name in strange)
    return None


def _handed(every: Iterable[Key], region: Region) -> set[Place]:
    """Of whom something is told, and who is called by what changed in his folder: what he is handed there may decide, and so may
    what a function is handed that leads to him."""
    handed = {(path, name) for _, path, name in every if (_folder(path), name) in region.calls}
    return handed.union(*(region.mentions.of_beside(name) for _, name in region.calls))


def _told_anew(now: Mapping[Key, _Told], known: Mapping[Key, _Told], region: Region) -> set[str]:
    """The obligations that functions of the region hand on to others, of which is told something else than before: about the
    rest nothing need be asked of the old tree."""
    handed = {key for key, told in known.items() if not region.holds(key) and region.begins_here(told)}
    other = {key for key, one in now.items() if _masked(one, region) != _masked(known.get(key), region)}
    return {key[0] for key in other | (handed - now.keys())}


def _reach_back(every: Mapping[Key, _Told], region: Region) -> None:
    """Take in those who hand an obligation on to a function of a changed file: it is told of through them."""
    while region.small:
        here = {key: told for key, told in every.items() if key[1] in region.files}
        back = {key[1:] for key, told in here.items() if region.begins_elsewhere(told)}
        if back <= region.functions:
            return
        region.grow(back)


def _without_lines(every: Mapping[Key, _Told], region: Region) -> None:
    """Take in those of whom something was told with a line of which nobody knows where it is today."""
    while region.small:
        rest = [(key[1:], told) for key, told in every.items() if not region.holds(key)]
        lost = {place for place, told in rest if _relined(told, region.lines) is None}
        if not lost:
            return
        region.take(lost)


def _told_otherwise(every: Mapping[Key, _Told], now: Mapping[Key, _Told], region: Region) -> set[Place]:
    """The functions that were taken in alone and of which is told something else than before: who hands what on to them may be
    another now, and is known by mentioning them."""
    taken = {key for key in (*every, *now) if key[1:] in region.taken}
    other = {key for key in taken & now.keys() if _masked(now[key], region) != _masked(every.get(key), region)}
    gone = {key for key in taken - now.keys() if not region.begins_elsewhere(every[key])}
    return {key[1:] for key in other | gone}


def _kept(every: Mapping[Key, _Told], now: Mapping[Key, _Told], region: Region) -> dict[Key, _Told]:
    """What was told of functions out of the region, and of those in it that others hand an obligation on to."""
    return {
        key: told
        for key, told in every.items()
        if not region.holds(key) or (key not in now and region.begins_elsewhere(told))
    }


def _begins(told: _Told) -> set[tuple[str, int]]:
    """The files and lines at which what is told begins."""
    first = {(one.steps[0].file, one.steps[0].line) for one in told.standings if one.steps}
    every = (one.finding.evidence[0] for one in told.findings if one.finding.evidence)
    return first | {(one.file, one.line) for one in every}


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


def _outside(every: Mapping[Key, _Told], region: Region) -> dict[Key, _Told]:
    """What is told of functions that are not in the region."""
    return {key: told for key, told in every.items() if not region.holds(key)}


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


def _masked(told: _Told | None, region: Region) -> object:
    """The same without the lines of changed files, which may have moved."""
    if told is None:
        return None

    def without(steps: Iterable[Step]) -> tuple[Step, ...]:
        return tuple(replace(step, line=0) if step.file in region.files else step for step in steps)

    findings = tuple(
        replace(one, finding=replace(one.finding, evidence=without(one.finding.evidence), registrations=()))
        for one in told.findings
    )
    return findings, told.unexamined, tuple(replace(one, steps=without(one.steps)) for one in told.standings)


def _joined(former: Scan, scan: Scan, now: Mapping[Key, _Told], region: Region, told: Mapping[Key, _Told]) -> Scan:
    """What is in the region now, and what is told of the rest; `now` is what the scan says."""
    every = [*(one for key, one in now.items() if region.holds(key) and key not in told), *told.values()]
    findings = [one for kept in every for one in kept.findings]
    unexamined = [one for kept in every for one in kept.unexamined]
    standings = [one for kept in every for one in kept.standings]
    touched = region.focus().functions

    def changed(place: Place) -> bool:
        return place in touched or place[0] in region.files

    named = {one for one in former.named if not changed(one)} | {one for one in scan.named if changed(one)}
    kept = {key[1:] for key in told}
    looked = {one for one in former.looked if not changed(one[:2]) or one[:2] in kept}
    looked |= {one for one in scan.looked if changed(one[:2])}
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
