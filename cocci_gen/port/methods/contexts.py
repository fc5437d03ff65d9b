"""Methods that went, and the functions of both trees -> ContextWay, how their work is done by now: a method is handed a context
and names a table of functions for it, one of which calls the successor of the helper that the old method called.

`.mount = f`, where f() returned mount_bdev(..., fill), became `.init_fs_context = g`, where g() sets the context's `ops` to a
table whose `.get_tree` returns get_tree_bdev(fc, fill); ->remount_fs of another structure went to ->reconfigure of that table.
Which names stand for which is learned from the functions that made the step.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.evolutions import Evolution, MethodGone
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.rules import Learned
from cocci_gen.port.lessons.support import SHARE, enough, learned
from cocci_gen.port.methods.context_helpers import Helper, helpers_of
from cocci_gen.port.methods.context_trees import Trees
from cocci_gen.port.methods.context_uses import lost_parameter
from cocci_gen.port.methods.handings import (
    Handing,
    Start,
    enough_functions,
    handing_of,
    handings_of,
    only_name,
    starts_of,
    steps_by_callback,
)
from cocci_gen.port.methods.moved_methods import MovedMethod, moved_methods
from cocci_gen.port.texts.instances import Instance, Written
from cocci_gen.port.texts.parameters import without_name

#: So many methods that others have, and files that have them, are named.
_MOST = 3


@dataclass(frozen=True, slots=True)
class ContextWay:
    """How a method that went is followed: by `method`, which sets `member` of its context to a table of the structure `tag`, in
    which `entry` calls the successor of a helper; `suffix` ends the names of such tables, `header` declares it all."""

    gone: MethodGone
    method: Method
    member: str
    tag: str
    entry: Method
    suffix: str
    name: str
    header: str
    helpers: tuple[Helper, ...]
    moved: tuple[MovedMethod, ...]
    ground: Learned
    instead: str = ""

    @property
    def initial(self) -> str:
        """The context as a parameter."""
        return f"{without_name(self.method.prototype.parameters[0])}{self.name}"


def context_ways(
    evolutions: Iterable[Evolution], trees: Trees, excluded: Collection[str] = ()
) -> tuple[ContextWay, ...]:
    """What changed, and both trees without the groups that are left out -> the ways that enough of them went."""
    listed = list(evolutions)
    found = (_way(one, listed, trees, excluded) for one in listed if isinstance(one, MethodGone))
    return tuple(way for way in found if way is not None)


def _way(
    gone: MethodGone, evolutions: Sequence[Evolution], trees: Trees, excluded: Collection[str]
) -> ContextWay | None:
    struct, header = gone.old.struct, gone.old.path
    before = _kept(trees.named_before.of({(struct, gone.old.name)}), excluded)
    if not before:
        return None
    come = {key for key in trees.after(header).methods if key[0] == struct}
    after = _kept(trees.named.of(come), excluded)
    method = _successor(trees, gone, before, after)
    starts = list(starts_of(trees.new, [one for one in after if one.method == method])) if method else []
    kinds = Counter((one.member, one.tag) for one in starts).most_common(1)
    if not kinds:
        return None
    member, tag = kinds[0][0]
    shown = [one for one in starts if (one.member, one.tag) == (member, tag)]
    home = trees.home(tag)
    if not home or not enough_functions([one.function for one in shown], len(starts)):
        return None
    declared = trees.after(home)
    in_table = _kept(trees.named.of({key for key in declared.methods if key[0] == tag}), excluded)
    steps = list(steps_by_callback(before, list(handings_of(in_table)), trees))
    entry = Counter(new.method for _, new in steps).most_common(1)
    helpers = helpers_of(
        evolutions, declared, [pair for pair in steps if pair[1].method == entry[0][0]], trees, excluded
    )
    if not helpers:
        return None
    suffix = _suffix(shown, entry[0][0], in_table)
    moved = moved_methods(evolutions, gone, declared, tag, in_table, trees, excluded)
    places = tuple(dict.fromkeys(f"{new.function.path}: {new.function.name}()" for _, new in steps))
    groups = {group_of(new.function.path) for _, new in steps}
    others = tuple(_otherwise(before, helpers, steps, {one.table_path for one in after if one.method == method}, trees))
    if len(places) < SHARE * (len(places) + len(others)):
        return None
    ground = learned(places, others, groups)
    names = Counter(name for one in shown if (name := only_name(one.function)))
    return ContextWay(
        gone, trees.after(header).methods[struct, method][0], member, tag, declared.methods[tag, entry[0][0]][0], suffix,
        max(names, key=lambda name: (names[name], name)), home, helpers, moved, ground,
        _instead(before, helpers, {one.table_path for one in after if one.method == method}, in_table, trees),
    )  # fmt: skip


def _kept(instances: Iterable[Instance], excluded: Collection[str]) -> list[Instance]:
    return [one for one in instances if group_of(one.table_path) not in excluded]


def _successor(trees: Trees, gone: MethodGone, before: Iterable[Instance], after: Iterable[Instance]) -> str:
    """The method that nearly all files name by now whose tables named the one that went, "" for none."""
    named: dict[str, set[str]] = defaultdict(set)
    for one in after:
        named[one.table_path].add(one.method)
    keys = {(gone.old.struct, name) for names in named.values() for name in names}
    had = {(one.table_path, one.method) for one in trees.named_before.of(keys)}
    paths = sorted({one.table_path for one in before} & named.keys())
    votes = Counter(name for path in paths for name in named[path] if (path, name) not in had)
    for name, count in votes.most_common(1):
        groups = {group_of(path) for path in paths if name in named[path]}
        if enough(count, len(paths), groups):
            return name
    return ""


def _callbacks(
    before: Iterable[Instance], helpers: Iterable[Helper], paths: Collection[str], trees: Trees
) -> Iterator[tuple[Written, bool]]:
    """The functions of files with the new method that hand a callback to a helper, each once, with whether that callback uses
    what nobody hands on any more."""
    plans = {one.old.name: one.plan for one in helpers}
    seen = set[tuple[str, str]]()
    for one in before:
        function, handing = one.function, handing_of(one.function)
        key = (function.path, function.name)
        if handing is None or handing[0] not in plans or key in seen or one.table_path not in paths:
            continue
        seen.add(key)
        callback = trees.old.resolve(handing[1], function.path)
        if callback is not None:
            yield function, bool(lost_parameter(plans[handing[0]], callback, {}))


def _otherwise(
    before: Iterable[Instance],
    helpers: Iterable[Helper],
    steps: Iterable[tuple[Handing, Handing]],
    paths: Collection[str],
    trees: Trees,
) -> Iterator[str]:
    """The functions of files with the new method that this way would carry over, and that did otherwise."""
    alike = {(old.function.path, old.function.name) for old, _ in steps}
    for function, lost in _callbacks(before, helpers, paths, trees):
        if (function.path, function.name) not in alike and not lost:
            yield f"{function.path}: {function.name}()"


def _instead(
    before: Iterable[Instance],
    helpers: Iterable[Helper],
    paths: Collection[str],
    in_table: Iterable[Instance],
    trees: Trees,
) -> str:
    """The methods of the table that nearly all have whose callbacks used what nobody hands on, and hardly anybody else, in words;
    "" for none."""
    named: dict[str, set[str]] = defaultdict(set)
    for one in in_table:
        named[one.table_path].add(one.method)
    files: dict[bool, set[str]] = {True: set(), False: set()}
    for function, lost in _callbacks(before, helpers, paths, trees):
        files[lost].add(function.path)
    with_it, without = sorted(files[True]), files[False] - files[True]
    votes = Counter(name for path in with_it for name in named[path])
    usual = Counter(name for path in without for name in named[path])
    alone = [(name, count) for name, count in votes.items() if usual[name] <= (1 - SHARE) * len(without)]
    told = [
        f"{count} have ->{name}"
        for name, count in sorted(alone, key=lambda item: (-item[1], item[0]))
        if enough(count, len(with_it), {group_of(path) for path in with_it if name in named[path]})
    ]
    if not told:
        return ""
    return f"of {len(with_it)} files that used it, {', '.join(told[:_MOST])} by now ({', '.join(with_it[:_MOST])})"


def _suffix(starts: Iterable[Start], entry: str, in_table: Iterable[Instance]) -> str:
    """How most tables are called, behind what begins the names of their functions."""
    named = {(one.table_path, one.function.name) for one in in_table if one.method == entry}
    votes: Counter[str] = Counter()
    for path, name in named:
        stem = name.removesuffix(f"_{entry}")
        for one in starts:
            if one.function.path == path and stem != name and one.table.startswith(f"{stem}_"):
                votes[one.table.removeprefix(stem)] += 1
    return max(votes, key=lambda word: (votes[word], word), default="_ops")
