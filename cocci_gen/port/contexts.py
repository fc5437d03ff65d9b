"""Methods that went, and the functions of both trees -> ContextWay, how their work is done by now: a method is handed a context
and names a table of functions for it, one of which calls the successor of the helper that the old method called.

`.mount = f`, where f() returned mount_bdev(..., fill), became `.init_fs_context = g`, where g() sets the context's `ops` to a
table whose `.get_tree` returns get_tree_bdev(fc, fill); ->remount_fs of another structure went to ->reconfigure of that table.
Which names stand for which is learned from the functions that made the step.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cocci_gen.document.declarations import Prototype, split_parameters
from cocci_gen.port.context_uses import lost_parameter
from cocci_gen.port.declared import Declared, Function, Method
from cocci_gen.port.evolutions import Evolution, FunctionGone, MethodChanged, MethodGone, MethodRenamed, plain_type
from cocci_gen.port.examples import Pair, group_of
from cocci_gen.port.habits import Habits
from cocci_gen.port.head_plans import BodyUse, HeadPlan, Leaves, Recomputes, head_examples, plan_head
from cocci_gen.port.instances import Code, Instance, Written, by_method, head_of
from cocci_gen.port.parameters import Removed, name_of, steps_between, without_name
from cocci_gen.port.rules import Learned
from cocci_gen.port.support import FEWEST_FUNCTIONS, FEWEST_GROUPS, SHARE
from cocci_gen.port.trees import Sources

_POINTER = re.compile(r"^(.*?)\(\s*\*\s*\w*\s*\)\s*\((.*)\)\s*$", re.DOTALL)
_STARTS = re.compile(rb"\)\s*\{\s*(\w+)->(\w+) = &(\w+);\s*return 0;\s*\}\s*\Z")
_HANDS_ON = re.compile(rb"\)\s*\{\s*return (\w+)\(([^(){}]*)\);\s*\}\s*\Z")
_TOLD = 12


@dataclass(frozen=True, slots=True)
class Helper:
    """A function that went and was given a callback, its successor that is given the context and the callback, and how callbacks
    follow."""

    old: Function
    new: Function
    plan: HeadPlan


@dataclass(frozen=True, slots=True)
class MovedMethod:
    """A method of another structure that is one of the context's table by now, and the members of the context (by number) that
    stand for what its parameters pointed to."""

    plan: HeadPlan
    pointed: Mapping[int, str]


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

    @property
    def initial(self) -> str:
        """The context as a parameter."""
        return f"{without_name(self.method.prototype.parameters[0])}{self.name}"


_STRUCT = re.compile(rb"^struct[ \t]+(\w+)[ \t]*\n?\{", re.MULTILINE)


class Homes:
    """The headers of a kernel that declare the members of structures, read when first asked for."""

    def __init__(self, kernel: Sources) -> None:
        self._kernel = kernel
        self._known: dict[str, set[str]] = defaultdict(set)

    def of(self, tag: str) -> str:
        """The only header that declares what is in a structure, "" for none."""
        if not self._known:
            for path, text in self._kernel.texts(self._kernel.below(["include/linux"], (".h",))):
                for name in _STRUCT.findall(text):
                    self._known[name.decode()].add(path)
        found = self._known.get(tag, set())
        return next(iter(found)) if len(found) == 1 else ""


class Tables:
    """The functions that the tables of a tree name for methods, found once, however often some groups are left out."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._known: dict[frozenset[tuple[str, str]], tuple[Instance, ...]] = {}

    def of(self, methods: Iterable[tuple[str, str]]) -> tuple[Instance, ...]:
        """(structure, method) pairs -> their instances."""
        key = frozenset(methods)
        if key not in self._known:
            self._known[key] = self._code.instances(key)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Trees:
    """What the ways are learned from: the code of both trees with what their tables name, the functions that stand in both, the
    headers, the habits."""

    old: Code
    new: Code
    pairs: Mapping[tuple[str, str], Pair]
    before: Callable[[str], Declared]
    after: Callable[[str], Declared]
    home: Callable[[str], str]
    habits: Habits
    named_before: Tables = field(init=False, compare=False)
    named: Tables = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "named_before", Tables(self.old))
        object.__setattr__(self, "named", Tables(self.new))


def context_ways(
    evolutions: Iterable[Evolution], trees: Trees, excluded: Collection[str] = ()
) -> tuple[ContextWay, ...]:
    """What changed, and both trees without the groups that are left out -> the ways that enough of them went."""
    listed = list(evolutions)
    found = (_way(one, listed, trees, excluded) for one in listed if isinstance(one, MethodGone))
    return tuple(way for way in found if way is not None)


@dataclass(frozen=True, slots=True)
class _Start:
    """A function that sets a member of its context to a table, and nothing else."""

    function: Written
    member: str
    table: str
    tag: str


@dataclass(frozen=True, slots=True)
class _Handing:
    """A function that returns what a helper makes of its parameters and a callback, and nothing else."""

    function: Written
    method: str
    helper: str
    callback: str


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
    starts = list(_starts(trees.new, [one for one in after if one.method == method])) if method else []
    kinds = Counter((one.member, one.tag) for one in starts).most_common(1)
    if not kinds:
        return None
    member, tag = kinds[0][0]
    shown = [one for one in starts if (one.member, one.tag) == (member, tag)]
    home = trees.home(tag)
    if not home or not _enough([one.function for one in shown], len(starts)):
        return None
    declared = trees.after(home)
    in_table = _kept(trees.named.of({key for key in declared.methods if key[0] == tag}), excluded)
    steps = list(_steps(before, list(_handing(in_table)), trees))
    entry = Counter(new.method for _, new in steps).most_common(1)
    helpers = _helpers(evolutions, declared, [pair for pair in steps if pair[1].method == entry[0][0]], trees, excluded)
    if not helpers:
        return None
    suffix = _suffix(shown, entry[0][0], in_table)
    moved = _moved(evolutions, gone, declared, tag, in_table, trees, excluded)
    places = tuple(dict.fromkeys(f"{new.function.path}: {new.function.name}()" for _, new in steps))
    groups = len({group_of(new.function.path) for _, new in steps})
    others = tuple(_otherwise(before, helpers, steps, {one.table_path for one in after if one.method == method}, trees))
    if len(places) < SHARE * (len(places) + len(others)):
        return None
    ground = Learned(len(places), len(places) + len(others), groups, places[:_TOLD], others[:_TOLD])
    names = Counter(name for one in shown if (name := _only_name(one.function)))
    return ContextWay(
        gone, trees.after(header).methods[struct, method][0], member, tag, declared.methods[tag, entry[0][0]][0], suffix,
        max(names, key=lambda name: (names[name], name)), home, helpers, moved, ground,
    )  # fmt: skip


def _kept(instances: Iterable[Instance], excluded: Collection[str]) -> list[Instance]:
    return [one for one in instances if group_of(one.table_path) not in excluded]


def _only_name(function: Written) -> str:
    head = head_of(function)
    return name_of(head.parameters[0]) if head is not None and len(head.parameters) == 1 else ""


def _enough(functions: Iterable[Written], of: int) -> bool:
    listed = list(functions)
    groups = {group_of(one.path) for one in listed}
    return len(listed) >= max(FEWEST_FUNCTIONS, SHARE * of) and len(groups) >= FEWEST_GROUPS


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
        if count >= max(FEWEST_FUNCTIONS, SHARE * len(paths)) and len(groups) >= FEWEST_GROUPS:
            return name
    return ""


def _starts(code: Code, instances: Iterable[Instance]) -> Iterator[_Start]:
    for one in instances:
        found = _STARTS.search(one.function.text)
        if found is not None and found.group(1).decode() == _only_name(one.function):
            table = found.group(3).decode()
            tags = {entry.tag for entry in code.facts[one.function.path].entries if entry.variable == table}
            if len(tags) == 1:
                yield _Start(one.function, found.group(2).decode(), table, tags.pop())


def _handing(instances: Iterable[Instance]) -> Iterator[_Handing]:
    for one in instances:
        handing = handing_of(one.function)
        if handing is not None:
            yield _Handing(one.function, one.method, *handing)


def handing_of(function: Written) -> tuple[str, str] | None:
    """The helper that a function does nothing but call, with parameters of its own, and the callback that it gives it last."""
    found, head = _HANDS_ON.search(function.text), head_of(function)
    if found is None or head is None:
        return None
    *given, callback = [one.strip() for one in found.group(2).decode("utf-8", "replace").split(",")]
    own = [name_of(one) for one in head.parameters]
    right = len(set(given)) == len(given) > 0 and all(one in own for one in given) and callback not in own
    return (found.group(1).decode(), callback) if right and re.fullmatch(r"[A-Za-z_]\w*", callback) else None


def _steps(before: Iterable[Instance], now: Sequence[_Handing], trees: Trees) -> Iterator[tuple[_Handing, _Handing]]:
    """The functions of the method that went, with those that hand the same callback to a helper by now."""
    by_callback = {(one.function.path, one.callback): one for one in now}
    seen = set()
    for one in before:
        handing = handing_of(one.function)
        new = by_callback.get((one.function.path, handing[1])) if handing is not None else None
        if handing is not None and new is not None and (one.function.path, one.function.name) not in seen:
            seen.add((one.function.path, one.function.name))
            if trees.old.resolve(handing[1], one.function.path) is not None:
                yield _Handing(one.function, one.method, *handing), new


def _otherwise(
    before: Iterable[Instance],
    helpers: Iterable[Helper],
    steps: Iterable[tuple[_Handing, _Handing]],
    paths: Collection[str],
    trees: Trees,
) -> Iterator[str]:
    """The functions of files with the new method that this way would carry over, and that did otherwise."""
    alike = {(old.function.path, old.function.name) for old, _ in steps}
    plans = {one.old.name: one.plan for one in helpers}
    seen = set[tuple[str, str]]()
    for one in before:
        function, handing = one.function, handing_of(one.function)
        key = (function.path, function.name)
        if handing is None or handing[0] not in plans or key in alike | seen or one.table_path not in paths:
            continue
        seen.add(key)
        callback = trees.old.resolve(handing[1], function.path)
        if callback is not None and not lost_parameter(plans[handing[0]], callback, {}):
            yield f"{function.path}: {function.name}()"


def _helpers(
    evolutions: Iterable[Evolution],
    declared: Declared,
    steps: Sequence[tuple[_Handing, _Handing]],
    trees: Trees,
    excluded: Collection[str],
) -> tuple[Helper, ...]:
    """The helpers that went whose successors the tree agrees on; one that few used counts where its name and prototype changed as
    those of a common one did."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for old, new in steps:
        votes[old.helper][new.helper] += 1
    gone = {one.old.name: one.old for one in evolutions if isinstance(one, FunctionGone)}
    pairs = [(gone[name], declared.functions[best[0][0]][0]) for name, some in sorted(votes.items())
             if name in gone and (best := some.most_common(1))[0][1] >= SHARE * some.total()
             and best[0][0] in declared.functions]  # fmt: skip
    sure = [pair for pair in pairs if _enough(_users(steps, pair[0].name), len(_users(steps, pair[0].name)))]
    like = {_change(old, new) for old, new in sure}
    found = []
    for before, after in pairs:
        plan = _callback_plan(before, after, steps, trees, excluded) if _change(before, after) in like else None
        if plan is not None:
            found.append(Helper(before, after, plan))
    return tuple(found)


def _users(steps: Iterable[tuple[_Handing, _Handing]], helper: str) -> list[Written]:
    return [old.function for old, _ in steps if old.helper == helper]


def _change(old: Function, new: Function) -> tuple[str, ...]:
    """How one helper became another: what begins their names, what the successor is given, and what its callback gets."""
    end = 0
    while end < min(len(old.name), len(new.name)) and old.name[-1 - end] == new.name[-1 - end]:
        end += 1
    return (old.name[: len(old.name) - end], new.name[: len(new.name) - end], *new.types)


def _pointed(parameters: Iterable[str], name: str, path: str) -> Method | None:
    """The only pointer to a function among some parameters, as a method."""
    found = [match for one in parameters if (match := _POINTER.match(one)) is not None]
    if len(found) != 1:
        return None
    returns, given = found[0].groups()
    return Method("", Prototype(name, returns.strip(), split_parameters(given), "", 0, 0, "", ()), path)


def _callback_plan(
    old: Function, new: Function, steps: Iterable[tuple[_Handing, _Handing]], trees: Trees, excluded: Collection[str]
) -> HeadPlan | None:
    """How the callbacks follow; those of all helpers show it."""
    before, after = _pointed(old.parameters, new.name, old.path), _pointed(new.parameters, new.name, new.path)
    if before is None or after is None:
        return None
    change = MethodChanged(before, after, steps_between(before.prototype.parameters, after.prototype.parameters))
    functions = [trees.old.resolve(one.callback, one.function.path) for one, _ in steps]
    instances = [Instance("", new.name, one, one.path, one.span.line, typed=True) for one in functions if one]
    late = [trees.new.resolve(one.callback, one.function.path) for _, one in steps]
    now = [Instance("", new.name, one, one.path, one.span.line, typed=True) for one in late if one]
    examples = head_examples(change, instances, now, trees.pairs)
    plan = plan_head(change, examples, trees.habits, excluded, trees.after)
    return replace(plan, uses=dict(_sure_uses(plan)))


def _sure_uses(plan: HeadPlan) -> Iterator[tuple[int, BodyUse]]:
    """What becomes of the parameters of callbacks; what the old function handed on itself is in no context that nobody fills."""
    gone = {step.old for step in plan.evolution.steps if isinstance(step, Removed)}
    for number, use in plan.uses.items():
        computed = isinstance(use, Recomputes) and number in gone and use.shown >= SHARE * use.of
        yield number, use if computed else Leaves(use.shown, use.of)


def _suffix(starts: Iterable[_Start], entry: str, in_table: Iterable[Instance]) -> str:
    """How most tables are called, behind what begins the names of their functions."""
    named = {(one.table_path, one.function.name) for one in in_table if one.method == entry}
    votes: Counter[str] = Counter()
    for path, name in named:
        stem = name.removesuffix(f"_{entry}")
        for one in starts:
            if one.function.path == path and stem != name and one.table.startswith(f"{stem}_"):
                votes[one.table.removeprefix(stem)] += 1
    return max(votes, key=lambda word: (votes[word], word), default="_ops")


def _moved(
    evolutions: Iterable[Evolution],
    gone: MethodGone,
    declared: Declared,
    tag: str,
    in_table: Sequence[Instance],
    trees: Trees,
    excluded: Collection[str],
) -> tuple[MovedMethod, ...]:
    """The methods of other structures that went to the context's table where the method did."""
    there: dict[str, dict[str, Written]] = defaultdict(dict)
    for one in in_table:
        there[one.table_path][one.method] = one.function
    users = {one.table_path for one in trees.named_before.of({(gone.old.struct, gone.old.name)})} & there.keys()
    found = []
    for other in evolutions:
        if not isinstance(other, MethodGone) or other.old.struct == gone.old.struct:
            continue
        before = by_method(trees.named_before.of({(other.old.struct, other.old.name)})).get(
            (other.old.struct, other.old.name), []
        )
        ones = {
            one.table_path: one.function
            for one in before
            if one.table_path in users and group_of(one.table_path) not in excluded
        }
        votes = Counter(method for path in ones for method in there[path])
        rest = Counter(method for path in users - ones.keys() for method in there[path])
        likely = [(count - rest[method], method) for method, count in votes.items()
                  if count >= max(FEWEST_FUNCTIONS, SHARE * len(ones)) and (tag, method) in declared.methods]  # fmt: skip
        if likely and len({group_of(path) for path in ones}) >= FEWEST_GROUPS:
            method = max(likely)[1]
            pairs = [Pair(ones[path], there[path][method]) for path in sorted(ones) if method in there[path]]
            moved = _moved_method(other, declared.methods[tag, method][0], pairs, trees, excluded)
            if any(isinstance(use, Recomputes) for use in moved.plan.uses.values()):
                found.append(moved)
    return tuple(found)


def _moved_method(
    gone: MethodGone, new: Method, pairs: Sequence[Pair], trees: Trees, excluded: Collection[str]
) -> MovedMethod:
    steps = steps_between(gone.old.prototype.parameters, new.prototype.parameters)
    change = MethodRenamed(gone.old, new, steps)
    before = [Instance(gone.old.struct, gone.old.name, one.old, one.old.path, 0, typed=True) for one in pairs]
    after = [Instance(new.struct, new.name, one.new, one.new.path, 0, typed=True) for one in pairs]
    examples = head_examples(change, before, after, {(one.old.path, one.old.name): one for one in pairs})
    plan = plan_head(change, examples, trees.habits, excluded, trees.after)
    pointed = {}
    for number, parameter in enumerate(gone.old.prototype.parameters):
        if plain_type(parameter).count("*") == 1 and (member := _member_for(number, pairs)):
            pointed[number] = member
    return MovedMethod(plan, pointed)


def _member_for(number: int, pairs: Iterable[Pair]) -> str:
    """The member of the context that most use for what a parameter pointed to, in statements that stayed otherwise."""
    votes: Counter[str] = Counter()
    for pair in pairs:
        head, context = head_of(pair.old), _only_name(pair.new)
        name = name_of(head.parameters[number]) if head is not None and number < len(head.parameters) else ""
        now = re.sub(rb"\s+", b" ", pair.new.text)
        for statement in re.split(rb"[;{}]", pair.old.text) if name and context else ():
            parts = re.split(rb"\*\s*" + name.encode() + rb"\b", re.sub(rb"\s+", b" ", statement).strip())
            if len(parts) == 2 and sum(map(len, parts)) > 2:
                rest = [re.escape(part) for part in parts]
                same = re.search(rest[0] + context.encode() + rb"->(\w+)" + rest[1] + rb"\s*;", now)
                votes[same.group(1).decode() if same else ""] += 1
    named = votes.total() - votes[""]
    for member, count in sorted(votes.items(), key=lambda item: -item[1]):
        if member and count >= FEWEST_FUNCTIONS and count >= SHARE * named:
            return member
    return ""
