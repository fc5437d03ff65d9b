"""Code of the old kernel, ported without its own example, and what upstream made of it -> Replay, how near the port came.

The folders below fs/ are divided by a hash of their names into a set to tune on and a set to report on.  Each folder is ported
with what the tree without it teaches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.document.declarations import type_of
from cocci_gen.port.changes.evolutions import MethodChanged, MethodRenamed, plain_type
from cocci_gen.port.knowledge import Lessons
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.measures.dropped import dropped
from cocci_gen.port.measures.upstream_lines import Counts, Otherwise, Ways, compared_lines, no_way
from cocci_gen.port.output.report import Port
from cocci_gen.port.pipeline import port_code
from cocci_gen.port.texts.instances import Code, head_of, read_code
from cocci_gen.port.texts.trees import Sources

#: No file system is longer than this.
MOST = 10_000_000


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
    groups = {group_of(path) for path in code.oids}
    known = lessons.without(groups)
    port = port_code(lessons.kernels, known, code, runner)

    def way(wanted: str, there: str) -> str:
        habit = lessons.habits.find(wanted, there, groups)
        return habit.value if habit is not None else ""

    return replayed(port, dict(code.texts(code.below(["."]))), lessons.kernels.new, way)


def replayed(port: Port, texts: Mapping[str, bytes], new: Sources, ways: Ways = no_way) -> Replay:
    """A port of code of the tree, the code before it, the new kernel, and how its functions come from one structure to another ->
    how near it came; files that the new kernel does not have say nothing."""
    paths = [path for path in sorted(texts) if path in new.oids]
    truth = dict(new.texts(paths))
    counts, other_heads = _heads(port, texts, truth)
    otherwise: list[Otherwise] = []
    lost: list[str] = []
    for path in paths:
        now = port.ported.texts[path]
        found, some = compared_lines(path, texts[path], now, truth[path], ways)
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
