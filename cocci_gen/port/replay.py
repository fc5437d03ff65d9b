"""Code of the old kernel, ported without its own example, and what upstream made of it -> Replay, how near the port came.

The folders below fs/ are divided by a hash of their names into a set to tune on and a set to report on.  Each folder is ported
with what the tree without it teaches.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.document.declarations import type_of
from cocci_gen.port.evolutions import MethodChanged, MethodRenamed
from cocci_gen.port.examples import group_of
from cocci_gen.port.instances import Code, head_of, read_code
from cocci_gen.port.knowledge import Lessons
from cocci_gen.port.pipeline import port_code
from cocci_gen.port.report import Port
from cocci_gen.port.trees import Sources

_CALL = re.compile(rb"\b([A-Za-z_]\w*)[ \t]*\(")
#: A line at least so long that is a part of the new file, line breaks aside, is equal however it is broken.
_LONG = 16
#: More lines of upstream than these say nothing beside a line of ours.
_TOLD = 30


@dataclass(frozen=True, slots=True)
class Counts:
    """Heads that follow and those that are right; lines that the port wrote, those that stand in the true new file, those where
    upstream left the old line alone (`wrong`); calls that the port removed and upstream kept."""

    heads: int = 0
    heads_right: int = 0
    written: int = 0
    equal: int = 0
    wrong: int = 0
    dropped_calls: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def row(self) -> str:
        """On one line."""
        return (
            f"heads {self.heads_right}/{self.heads}, lines {self.equal}/{self.written}, wrong {self.wrong}, "
            f"dropped {self.dropped_calls}"
        )

    def lines(self) -> Iterable[str]:
        """For a terminal."""
        yield f"heads         {self.heads_right} of {self.heads} as upstream has them"
        yield (
            f"lines         {self.written} written, {self.equal} of them upstream's{_share(self.equal, self.written)}, "
            f"{self.wrong} wrong edits{_share(self.wrong, self.written)}"
        )
        yield f"calls         {self.dropped_calls} dropped that upstream kept"


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
    """How near one port came: heads that are not as upstream has them and calls that upstream kept (`path: name()`), and lines
    that upstream has otherwise."""

    counts: Counts
    other_heads: tuple[str, ...]
    dropped: tuple[str, ...]
    otherwise: tuple[Otherwise, ...]

    def text(self) -> str:
        """For a person to judge."""
        lines = [f"head otherwise: {one}" for one in self.other_heads]
        lines += [f"call dropped that upstream kept: {one}" for one in self.dropped]
        return "\n".join([*lines, *(line for one in self.otherwise for line in one.lines()), ""])


def replay_set(name: str) -> str:
    """The name of a folder -> `tune` or `report`, for ever the same."""
    return "report" if hashlib.sha256(name.encode()).digest()[0] % 2 else "tune"


def replay_paths(old: Sources, new: Sources, which: str) -> tuple[str, ...]:
    """The folders below fs/ that both kernels have and that are in a set."""
    both = [{path.split("/")[1] for path in one.below(["fs"], (".c",)) if path.count("/") > 1} for one in (old, new)]
    return tuple(f"fs/{name}" for name in sorted(both[0] & both[1]) if replay_set(name) == which)


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
    dropped: list[str] = []
    for path in paths:
        now = port.ported.texts[path]
        found, some = _lines(path, texts[path], now, truth[path])
        lost = _dropped(texts[path], now, truth[path])
        counts += found + Counts(dropped_calls=len(lost))
        otherwise += some
        dropped += [f"{path}: {name}()" for name in lost]
    return Replay(counts, other_heads, tuple(dropped), tuple(otherwise))


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
        before, upstream = _head(old, path, name), _head(true, path, name)
        if upstream and upstream != before:
            count += 1
            ours = _head(now, path, name)
            if ours != upstream:
                others.append(f"{path}: {name}(): {', '.join(ours)}; upstream {', '.join(upstream)}")
    return Counts(heads=count, heads_right=count - len(others)), tuple(others)


def _head(code: Code, path: str, name: str) -> tuple[str, ...]:
    """Returned type and types of the parameters of a function; () where there is none."""
    for one in code.functions.get(name, ()):
        head = head_of(one) if one.path == path else None
        if head is not None:
            return (type_of(f"{head.returns} "), *(type_of(parameter) for parameter in head.parameters))
    return ()


def _lines(path: str, old: bytes, now: bytes, true: bytes) -> tuple[Counts, list[Otherwise]]:
    before, after, upstream = old.split(b"\n"), now.split(b"\n"), true.split(b"\n")
    there = Counter(_squeezed(line) for line in upstream)
    whole = re.sub(rb"\s", b"", true)
    found: list[Otherwise] = []
    written = equal = wrong = 0
    theirs = SequenceMatcher(None, before, upstream, autojunk=False).get_opcodes()
    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        new = [line for line in after[first:last] if line.strip()]
        together = _squeezed(b"".join(new))
        other = (
            ()
            if len(together) >= _LONG and together in whole
            else tuple(line for line in new if not _stands(_squeezed(line), there, whole))
        )
        written, equal = written + len(new), equal + len(new) - len(other)
        gone = [line for line in map(_squeezed, before[start:end]) if line]
        if other:
            kept = bool(gone) and all(there[line] for line in gone)
            wrong += len(other) if kept else 0
            found.append(
                Otherwise(path, start + 1, tuple(before[start:end]), other, _there(theirs, upstream, start, end), kept)
            )
    return Counts(written=written, equal=equal, wrong=wrong), found


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
    return re.sub(rb"\s", b"", line)


def _dropped(old: bytes, now: bytes, true: bytes) -> list[str]:
    """The calls that are fewer than before, although upstream has as many as before."""
    before, after, upstream = (Counter(_CALL.findall(text)) for text in (old, now, true))
    return [
        name.decode()
        for name, count in sorted(before.items())
        for _ in range(count - after[name])
        if after[name] < count <= upstream[name]
    ]
