"""Code of the old kernel, ported without its own example, and what upstream made of it -> Replay, how near the port came.

The folders below fs/ are divided by a hash of their names into a set to tune on and a set to report on.  All folders that are
replayed together are left out of what is learned together.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from cocci_gen.document.declarations import type_of
from cocci_gen.port.evolutions import MethodChanged, MethodRenamed
from cocci_gen.port.instances import Code, head_of, read_code
from cocci_gen.port.report import Port
from cocci_gen.port.trees import Sources

_CALL = re.compile(rb"\b([A-Za-z_]\w*)[ \t]*\(")
#: A line at least so long that is a part of the new file, line breaks aside, is equal however it is broken.
_LONG = 16


@dataclass(frozen=True, slots=True)
class Replay:
    """Counts: heads that follow and those that are right; lines that the port wrote, those that stand in the true new file, those
    where upstream left the old line alone (`wrong`); calls that the port removed and upstream kept."""

    heads: int
    heads_right: int
    written: int
    equal: int
    wrong: int
    dropped_calls: int

    def __add__(self, other: Replay) -> Replay:
        return Replay(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def lines(self) -> Iterable[str]:
        """For a terminal."""
        yield f"heads         {self.heads_right} of {self.heads} as upstream has them"
        share = f" ({100 * self.equal / self.written:.0f} %)" if self.written else ""
        yield f"lines         {self.written} written, {self.equal} of them upstream's{share}, {self.wrong} wrong edits"
        yield f"calls         {self.dropped_calls} dropped that upstream kept"


def replay_set(name: str) -> str:
    """The name of a folder -> `tune` or `report`, for ever the same."""
    return "report" if hashlib.sha256(name.encode()).digest()[0] % 2 else "tune"


def replay_paths(old: Sources, new: Sources, which: str) -> tuple[str, ...]:
    """The folders below fs/ that both kernels have and that are in a set."""
    both = [{path.split("/")[1] for path in one.below(["fs"], (".c",)) if path.count("/") > 1} for one in (old, new)]
    return tuple(f"fs/{name}" for name in sorted(both[0] & both[1]) if replay_set(name) == which)


def replayed(port: Port, texts: Mapping[str, bytes], new: Sources) -> Replay:
    """A port of code of the tree, the code before it, and the new kernel -> how near it came; files that the new kernel does not
    have say nothing."""
    paths = [path for path in sorted(texts) if path in new.oids]
    truth = dict(new.texts(paths))
    total = _heads(port, texts, truth)
    for path in paths:
        total += _lines(texts[path], port.ported.texts[path], truth[path])
    return total


def _heads(port: Port, texts: Mapping[str, bytes], truth: Mapping[str, bytes]) -> Replay:
    changed = {
        (one.evolution.old.struct, one.evolution.old.name)
        for one in port.used
        if isinstance(one.evolution, MethodChanged | MethodRenamed) and one.evolution.steps_differ
    }
    names = frozenset(method for _, method in changed)
    old, now, true = (read_code(one.items(), names) for one in (texts, port.ported.texts, truth))
    count = right = 0
    for path, name in sorted({(one.function.path, one.function.name) for one in old.instances(changed) if one.typed}):
        before, upstream = _head(old, path, name), _head(true, path, name)
        if upstream and upstream != before:
            count += 1
            right += _head(now, path, name) == upstream
    return Replay(count, right, 0, 0, 0, 0)


def _head(code: Code, path: str, name: str) -> tuple[str, ...]:
    """Returned type and types of the parameters of a function; () where there is none."""
    for one in code.functions.get(name, ()):
        head = head_of(one) if one.path == path else None
        if head is not None:
            return (type_of(f"{head.returns} "), *(type_of(parameter) for parameter in head.parameters))
    return ()


def _lines(old: bytes, now: bytes, true: bytes) -> Replay:
    before, after = old.split(b"\n"), now.split(b"\n")
    upstream = Counter(_squeezed(line) for line in true.split(b"\n"))
    whole = re.sub(rb"\s", b"", true)
    written = equal = wrong = 0
    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        new = [line for line in map(_squeezed, after[first:last]) if line]
        there = [line for line in new if upstream[line] or (len(line) >= _LONG and line in whole)]
        written, equal = written + len(new), equal + len(there)
        gone = [line for line in map(_squeezed, before[start:end]) if line]
        if len(there) < len(new) and gone and all(upstream[line] for line in gone):
            wrong += len(new) - len(there)
    return Replay(0, 0, written, equal, wrong, _dropped(old, now, true))


def _squeezed(line: bytes) -> bytes:
    return re.sub(rb"\s", b"", line)


def _dropped(old: bytes, now: bytes, true: bytes) -> int:
    """The calls that are fewer than before, although upstream has as many as before."""
    before, after, upstream = (Counter(_CALL.findall(text)) for text in (old, now, true))
    return sum(count - after[name] for name, count in before.items() if after[name] < count <= upstream[name])
