"""Code of the old kernel, ported without its own example, and what upstream made of it -> Replay, how near the port came.

The folders below fs/ are divided by a hash of their names into a set to tune on and a set to report on.  Each folder is ported
with what the tree without it teaches.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.code.source import file_facts
from cocci_gen.document.declarations import type_of
from cocci_gen.port.dropped import dropped
from cocci_gen.port.evolutions import MethodChanged, MethodRenamed, plain_type
from cocci_gen.port.examples import group_of, words_of
from cocci_gen.port.generalise import declared_in
from cocci_gen.port.instances import Code, Head, Written, head_of, read_code
from cocci_gen.port.knowledge import Lessons
from cocci_gen.port.lines import opcodes
from cocci_gen.port.parameters import name_of
from cocci_gen.port.pipeline import port_code
from cocci_gen.port.report import Port
from cocci_gen.port.trees import Sources
from cocci_gen.port.versions import whole_change

_NAME = re.compile(rb"(?<![\w.>])(?<!struct )(?<!union )(?<!enum )[A-Za-z_]\w*")
_UNSIGNED = re.compile(rb"\bunsigned[ \t]+int\b")
_FLAGS = re.compile(rb"(?<=[(,=])\(([A-Z0-9_|]+)\)(?=[),;])")
#: A line at least so long that is a part of the new file, line breaks aside, is equal however it is broken.
_LONG = 16
#: No file system is longer than this.
MOST = 10_000_000
#: More lines of upstream than these say nothing beside a line of ours.
_TOLD = 30


@dataclass(frozen=True, slots=True)
class Counts:
    """Heads that follow and those that are right; lines that the port wrote, those that stand in the true new file, those where
    upstream left the old line alone (`wrong`); calls, stores and errors (with tests) that the port removed and upstream kept."""

    heads: int = 0
    heads_right: int = 0
    written: int = 0
    equal: int = 0
    wrong: int = 0
    dropped_calls: int = 0
    dropped_stores: int = 0
    dropped_errors: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def row(self) -> str:
        """On one line."""
        return (
            f"heads {self.heads_right}/{self.heads}, lines {self.equal}/{self.written}, wrong {self.wrong}, "
            f"dropped {self.dropped_calls}/{self.dropped_stores}/{self.dropped_errors}"
        )

    def lines(self) -> Iterable[str]:
        """For a terminal."""
        yield f"heads         {self.heads_right} of {self.heads} as upstream has them"
        yield (
            f"lines         {self.written} written, {self.equal} of them upstream's{_share(self.equal, self.written)}, "
            f"{self.wrong} wrong edits{_share(self.wrong, self.written)}"
        )
        yield (
            f"dropped       {self.dropped_calls} calls, {self.dropped_stores} stores and {self.dropped_errors} errors or tests "
            f"that upstream kept"
        )


def _share(some: int, of: int) -> str:
    return f" ({100 * some / of:.1f} %)" if of else ""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Lines that the port wrote and upstream did not: what was there before, what upstream has there; `wrong` where it left the
    old lines alone."""

    path: str
    line: int
    before: tuple[bytes, ...]
    written: tuple[bytes, ...]
    upstream: tuple[bytes, ...]
    wrong: bool

    def lines(self) -> Iterable[str]:
        """For a person to judge."""
        yield f"{self.path}:{self.line}: {'WRONG EDIT' if self.wrong else 'otherwise'}"
        for sign, some in (("-", self.before), ("+", self.written), ("=", self.upstream)):
            yield from (f"{sign}{line.decode('utf-8', 'replace')}" for line in some)


@dataclass(frozen=True, slots=True)
class Replay:
    """How near one port came: the texts before and after; heads that are not as upstream has them and what was dropped that
    upstream kept (`path: words`), and lines that upstream has otherwise."""

    counts: Counts
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    other_heads: tuple[str, ...]
    dropped: tuple[str, ...]
    otherwise: tuple[Otherwise, ...]

    def text(self) -> str:
        """For a person to judge."""
        lines = [f"head otherwise: {one}" for one in self.other_heads]
        lines += [f"dropped that upstream kept: {one}" for one in self.dropped]
        return "\n".join([*lines, *(line for one in self.otherwise for line in one.lines()), ""])


def replay_set(name: str) -> str:
    """The name of a folder -> `tune` or `report`, for ever the same."""
    return "report" if hashlib.sha256(name.encode()).digest()[0] % 2 else "tune"


def replay_paths(old: Sources, new: Sources, which: str, most_lines: int = MOST) -> tuple[str, ...]:
    """The folders below fs/ that both kernels have, that are in a set and not longer than so many lines of C, shortest first."""
    both = [{path.split("/")[1] for path in one.below(["fs"], (".c",)) if path.count("/") > 1} for one in (old, new)]
    names = (f"fs/{name}" for name in sorted(both[0] & both[1]) if replay_set(name) == which)
    sizes = {name: sum(text.count(b"\n") for _, text in old.texts(old.below([name], (".c",)))) for name in names}
    return tuple(
        sorted((name for name, size in sizes.items() if size <= most_lines), key=lambda name: (sizes[name], name))
    )


def replayed_folder(lessons: Lessons, code: Sources, runner: SpatchRunner) -> Replay:
    """What two kernels teach, and code of the old one -> how near its port came, learned without its own folders."""
    known = lessons.without({group_of(path) for path in code.oids})
    port = port_code(lessons.kernels, known, code, runner)
    return replayed(port, dict(code.texts(code.below(["."]))), lessons.kernels.new)


def replayed(port: Port, texts: Mapping[str, bytes], new: Sources) -> Replay:
    """A port of code of the tree, the code before it, and the new kernel -> how near it came; files that the new kernel does not
    have say nothing."""
    paths = [path for path in sorted(texts) if path in new.oids]
    truth = dict(new.texts(paths))
    counts, other_heads = _heads(port, texts, truth)
    otherwise: list[Otherwise] = []
    lost: list[str] = []
    for path in paths:
        now = port.ported.texts[path]
        found, some = _lines(path, texts[path], now, truth[path])
        gone = dropped(texts[path], now, truth[path])
        counts += found + Counts(
            dropped_calls=len(gone.calls), dropped_stores=len(gone.stores), dropped_errors=len(gone.errors)
        )
        otherwise += some
        lost += [f"{path}: {words}" for words in gone.lines()]
    return Replay(counts, texts, port.ported.texts, other_heads, tuple(lost), tuple(otherwise))


def _heads(port: Port, texts: Mapping[str, bytes], truth: Mapping[str, bytes]) -> tuple[Counts, tuple[str, ...]]:
    changed = {
        (one.evolution.old.struct, one.evolution.old.name)
        for one in port.used
        if isinstance(one.evolution, MethodChanged | MethodRenamed) and one.evolution.steps_differ
    }
    names = frozenset(method for _, method in changed)
    old, now, true = (read_code(one.items(), names) for one in (texts, port.ported.texts, truth))
    count = 0
    others: list[str] = []
    for path, name in sorted({(one.function.path, one.function.name) for one in old.instances(changed) if one.typed}):
        before, upstream = head_types(old, path, name), head_types(true, path, name)
        if upstream and upstream != before:
            count += 1
            ours = head_types(now, path, name)
            if ours != upstream:
                others.append(f"{path}: {name}(): {', '.join(ours)}; upstream {', '.join(upstream)}")
    return Counts(heads=count, heads_right=count - len(others)), tuple(others)


def head_types(code: Code, path: str, name: str) -> tuple[str, ...]:
    """Returned type and types of the parameters of a function; () where there is none."""
    for one in code.functions.get(name, ()):
        head = head_of(one) if one.path == path else None
        if head is not None:
            return (plain_type(head.returns), *(type_of(parameter) for parameter in head.parameters))
    return ()


def lines_as_upstream(old: bytes, now: bytes, true: bytes) -> bool:
    """A text before, after a port, and as upstream has it -> whether every line that the port wrote is upstream's."""
    counts, _ = _lines("", old, now, true)
    return counts.written == counts.equal


def _lines(path: str, old: bytes, now: bytes, true: bytes) -> tuple[Counts, list[Otherwise]]:
    """Equal in effect: the same words in whatever lines, with whatever names of parameters and locals, with or without brackets
    around flags, `unsigned int` and `unsigned` one type."""
    before, after, upstream = old.split(b"\n"), now.split(b"\n"), true.split(b"\n")
    raw = Counter(_squeezed(line) for line in upstream)
    ours, norm = _with_numbers(now, _as_theirs(now, true)).split(b"\n"), _with_numbers(true, {})
    there = Counter(_squeezed(line) for line in norm.split(b"\n"))
    whole = _squeezed(norm)
    found: list[Otherwise] = []
    written = equal = wrong = 0
    theirs = opcodes(before, upstream)
    for tag, start, end, first, last in opcodes(before, after):
        if tag == "equal":
            continue
        new = [place for place in range(first, last) if after[place].strip()]
        _, _, front, back = whole_change((start, end, first, last), before, after)
        together = _squeezed(b"".join(ours[front:back]))
        same = len(together) >= _LONG and together in whole
        other = tuple(after[place] for place in new if not same and not _stands(_squeezed(ours[place]), there, whole))
        written, equal = written + len(new), equal + len(new) - len(other)
        gone = [line for line in map(_squeezed, before[start:end]) if line]
        if other:
            kept = bool(gone) and all(raw[line] for line in gone) and _left_alone(theirs, before, start, end)
            wrong += len(other) if kept else 0
            told = _there(theirs, upstream, start, end)
            found.append(Otherwise(path, start + 1, tuple(before[start:end]), other, told, kept))
    return Counts(written=written, equal=equal, wrong=wrong), found


def _with_numbers(text: bytes, locals_: Mapping[str, Mapping[bytes, bytes]]) -> bytes:
    """A file, the parameters of its functions named by their numbers, locals (by function) by other names; lines stay."""
    parts: list[bytes] = []
    done = 0
    for one, head in _functions(text):
        if one.span.start < done:
            continue
        names = {
            name_of(some).encode(): b"P%d" % number for number, some in enumerate(head.parameters) if name_of(some)
        }
        parts.append(text[done : one.span.start])
        parts.append(_renamed(one.text, {**locals_.get(one.name, {}), **names}))
        done = one.span.end
    return b"".join(parts) + text[done:]


def _functions(text: bytes) -> Iterator[tuple[Written, Head]]:
    """The functions of a file whose heads can be read, in order."""
    for span in sorted(file_facts(text, ()).functions, key=lambda one: one.start):
        one = Written("", span, text[span.start : span.end])
        head = head_of(one)
        if head is not None:
            yield one, head


def _as_theirs(now: bytes, true: bytes) -> dict[str, dict[bytes, bytes]]:
    """By function: the locals of ours that upstream does not have, and what it calls a local of the same type that we do not
    have, in the order in which they are declared."""
    upstream = {one.name: one.text for one, _ in _functions(true)}
    found: dict[str, dict[bytes, bytes]] = {}
    for one, _ in _functions(now):
        other = upstream.get(one.name)
        if other is None or other == one.text:
            continue
        words = words_of(one.text), words_of(other)
        ours = [(name, kind) for name, kind in declared_in(one.text) if name.encode() not in words[1]]
        theirs = [(name, kind) for name, kind in declared_in(other) if name.encode() not in words[0]]
        names: dict[bytes, bytes] = {}
        for name, kind in ours:
            same = next((pair for pair in theirs if pair[1] == kind), None)
            if same is not None:
                theirs.remove(same)
                names[name.encode()] = same[0].encode()
        found[one.name] = names
    return found


def _renamed(text: bytes, names: Mapping[bytes, bytes]) -> bytes:
    return _NAME.sub(lambda found: names.get(found[0], found[0]), text)


def _left_alone(
    theirs: Iterable[tuple[str, int, int, int, int]], before: Sequence[bytes], start: int, end: int
) -> bool:
    """Whether upstream has some old lines where they were, and not only lines like them elsewhere in the file."""
    there = {place for tag, first, last, _, _ in theirs if tag == "equal" for place in range(first, last)}
    return all(place in there for place in range(start, end) if before[place].strip())


def _stands(line: bytes, there: Mapping[bytes, int], whole: bytes) -> bool:
    """Whether a line stands in the true file, line breaks aside."""
    return bool(there[line]) or (len(line) >= _LONG and line in whole)


def _there(
    theirs: Iterable[tuple[str, int, int, int, int]], upstream: Sequence[bytes], start: int, end: int
) -> tuple[bytes, ...]:
    """What upstream has in place of some lines."""
    found: list[bytes] = []
    for tag, first, last, place, to in theirs:
        if first < max(end, start + 1) and last > start:
            shift = place - first if tag == "equal" else 0
            found += (
                upstream[max(first, start) + shift : min(last, end) + shift] if tag == "equal" else upstream[place:to]
            )
    return tuple(found[:_TOLD])


def _squeezed(line: bytes) -> bytes:
    return _FLAGS.sub(rb"\1", re.sub(rb"\s", b"", _UNSIGNED.sub(b"unsigned", line)))
