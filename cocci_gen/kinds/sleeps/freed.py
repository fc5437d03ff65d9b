"""The third rule of the kind `rcu_walk`, "frees at once what a walk may be looking at".

A method that runs in rcu-walk pins nothing: what it looks at through the super block, the inode or the dentry must stay for a
grace period after the file system has ended that object.  The duty is that of the method which ends it (or of a helper): there
the finding stands, with the look of the walk as evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.sleeps.early_frees import EarlyFree, Lost, early_frees
from cocci_gen.facts.sleeps.walk_reads import WalkRead, WalkReads
from cocci_gen.facts.tree.definitions import Definition, Implementation, TableEntry
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.walks.link_names import LINK, link_names
from cocci_gen.facts.walks.object_paths import DENTRY, extends, shown, walk_words
from cocci_gen.facts.walks.sleep_flow import Bindings
from cocci_gen.facts.walks.sleep_words import Mode, sleep_words
from cocci_gen.findings.findings import Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, implementations_of, registrations
from cocci_gen.kinds.sleeps.walks import mode_parameter, sent_back
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of

#: A root, a pointer in it, and a member behind that: shorter paths lead to the object itself, which the VFS frees in time.
_FOLLOWS = 3


@dataclass(frozen=True, slots=True)
class Freed:
    """A free, and a look of a walk at what it frees; `others` is why both may be of different file systems, or ""."""

    free: EarlyFree
    read: WalkRead
    others: str


@dataclass(frozen=True, slots=True)
class FreedDuty(Duty):
    """A function that frees what the method of the obligation looks at."""

    frees: tuple[Freed, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Looked:
    """A look, and the table by which the method that looks is known."""

    read: WalkRead
    entry: TableEntry
    file: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What a method frees at once, and the table by which it is known; `alone`: no other method of the folder ends the same."""

    implementation: Implementation
    entry: TableEntry
    frees: tuple[EarlyFree | Lost, ...]
    alone: bool


@dataclass(slots=True)
class _Known:
    """What is remembered of a tree: per folder what ends there, where somebody who ends a thing is asked about, and which
    obligation told of a free first."""

    asked: frozenset[str]
    endings: dict[str, tuple[Ending, ...]] = field(default_factory=dict)
    owners: dict[tuple[Definition, int], str] = field(default_factory=dict)


_KNOWN: WeakKeyDictionary[KernelIndex, _Known] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class FreedRule(StarringRule[FreedDuty, Freed]):
    """The kind `rcu_walk` for what a walk looks at."""

    kind: str = "rcu_walk"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[FreedDuty, ...], tuple[Unexamined, ...]]:
        """The functions that free at once what an implementation of the method looks at in rcu-walk, each free told once in a
        tree; and where what it looks at is handed to a call that cannot be followed."""
        mode = sleep_words().mode(obligation.struct, obligation.method)
        if mode is None:
            return (), ()
        known = known_of(facts.index)
        found: dict[Definition, dict[tuple[int, str], tuple[Freed, Ending]]] = {}
        missing: dict[tuple[str, int], Unexamined] = {}
        for looked in _looks(obligation, mode, facts.index, known):
            for ending in _endings(looked.entry.folder, facts.index, known):
                for one in ending.frees if _same_file_system(looked, ending) else ():
                    if not extends(looked.read.path, one.path):
                        continue
                    if isinstance(one, Lost):
                        what = Unexamined(obligation.id, one.definition.path, one.definition.name, one.line, one.why)
                        missing[one.definition.path, one.line] = what
                        continue
                    owner = known.owners.setdefault((one.definition, one.call.line), obligation.id)
                    if owner == obligation.id:
                        freed = Freed(one, looked.read, _others(looked, ending))
                        _better(found.setdefault(one.definition, {}), freed, ending)
        return tuple(duty_of(obligation, definition, frees) for definition, frees in found.items()), tuple(
            missing.values()
        )

    def semantic_patch(self, duty: FreedDuty) -> SemanticPatch:
        """SmPL that stars the calls that free."""
        calls = sorted({f"{one.free.call.callee}(...)" for one in duty.frees})
        context = {
            "mode": "freed",
            "obligation": duty.obligation,
            "function": duty.graph.name,
            "symbols": [],
            "calls": calls,
        }
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: FreedDuty) -> Iterator[Place[Freed]]:
        """The calls that free."""
        for one in duty.frees:
            yield Place(one.free.node, (one.free.call.line,), one, shown(one.free.path))

    def suspect(self, duty: FreedDuty, place: Place[Freed], text: str) -> Suspect:
        """What is wrong at one of them."""
        free, read, file = place.what.free, place.what.read, duty.definition.path
        branch = last_branch(duty.graph, free.way).told()
        node = duty.graph.nodes[free.node]
        by = "" if free.by == free.call.callee else f" (by {free.by}(), with no grace period before)"
        looked = f"which {self.looker(duty)} may be looking at in rcu-walk"
        told = Told(
            line=free.call.line,
            code=f"{free.call.callee}|{shown(free.path)}|freed",
            message=f"{duty.graph.name}() frees {shown(free.path)} at once, {looked}",
            breach=branch.breach(node.text, ("kfree_rcu", "call_rcu"), "memory", shown(free.path)),
            evidence=(
                *read.steps,
                *duty.chain,
                *free.steps,
                *branch_steps(duty.graph, free.way, file),
                Step(file, free.call.line, f"{free.call.callee}() frees {shown(free.path)}{by}"),
            ),
            doubts=tuple(_why_lower(duty, place.what)),
        )
        plan = NoFix("where its memory is to be freed after a grace period is for a person to decide")
        return Suspect(finding_of(duty, told, text), free.way, plan)

    def looker(self, duty: FreedDuty) -> str:
        """Who looks, for the message."""
        return f"->{duty.obligation.method}"

    def again(self, duty: FreedDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> FreedDuty:  # noqa: ARG002 - the protocol
        """The duty as it stands in an edited file, whose function is `graph`: the same calls, where they still are."""
        calls = {(call.callee, call.arguments): call for call in graph.calls()}
        kept = tuple(
            replace(one, free=replace(one.free, call=call))
            for one in duty.frees
            if (call := calls.get((one.free.call.callee, one.free.call.arguments))) is not None
        )
        return replace(duty, definition=definition, graph=graph, frees=kept)


def known_of(index: KernelIndex) -> _Known:
    """What is remembered of a tree."""
    if index not in _KNOWN:
        ends = (
            one for struct, method in walk_words().ends for one in index.everywhere.implementations(struct, method)[0]
        )
        _KNOWN[index] = _Known(_folders(ends, index))
    return _KNOWN[index]


def _folders(implementations: Iterable[Implementation], index: KernelIndex) -> frozenset[str]:
    """The folders with a table that names a function which the rules are asked about."""
    asked = (one for one in implementations if index.is_asked(one.definition))
    return frozenset(entry.folder for one in asked for entry in one.entries)


def _looks(obligation: Obligation, mode: Mode, index: KernelIndex, known: _Known) -> Iterator[_Looked]:
    """What implementations of the method look at in rcu-walk, per folder with a table that names them; of a folder all of them
    where one, or one who ends a thing, is asked about: the two belong together."""
    implementations, _ = implementations_of(obligation, index.everywhere)
    folders = known.asked | _folders(implementations, index)
    reads = WalkReads(index, sleep_words(), directory=mode.directory)
    for one in implementations:
        if folders.isdisjoint(entry.folder for entry in one.entries):
            continue
        graph = index.graph(one.definition)
        if graph is None or (mode.found and sent_back(index, one.definition, sleep_words())):
            continue
        parameter = mode_parameter(graph, mode)
        if not parameter and not mode.always:
            continue  # told by the first rule
        bindings: Bindings = frozenset({(parameter, mode.value)} if parameter else ())
        looked = [read for read in reads.of(one.definition, graph, bindings) if len(read.path) >= _FOLLOWS]
        for entry in one.entries if looked else ():
            if entry.folder in folders:
                every = (*looked, *_by_another_name(looked, entry.folder, index))
                yield from (_Looked(read, entry, one.definition.path) for read in every)


def _by_another_name(looked: Iterable[WalkRead], folder: str, index: KernelIndex) -> Iterator[WalkRead]:
    """What a look at the name of a link sees, as the folder that sets it calls it."""
    for read in (one for one in looked if extends(one.path, LINK)):
        for path, step in link_names(index, folder):
            yield replace(read, path=(*path, *read.path[len(LINK) :]), steps=(*read.steps, step))


def _endings(folder: str, index: KernelIndex, known: _Known) -> tuple[Ending, ...]:
    """What the methods that the tables of a folder name free at once."""
    if folder not in known.endings:
        frees, found = early_frees(index), []
        for struct, method in walk_words().ends:
            near = [
                (one, entry)
                for one in index.everywhere.implementations(struct, method)[0]
                for entry in one.entries
                if entry.folder == folder
            ]
            methods = {one.definition for one, _ in near}
            for one, entry in near:
                graph = index.graph(one.definition)
                told = frees.of(one.definition, graph, folder) if graph is not None else ()
                found.append(Ending(one, entry, told, len(methods) == 1))
        known.endings[folder] = tuple(found)
    return known.endings[folder]


def _same_file_system(looked: _Looked, ending: Ending) -> bool:
    """Whether both methods may be called for one object: the two of a dentry stand in one table."""
    if ending.entry.struct == looked.entry.struct or looked.read.path[0] == DENTRY:
        one, other = looked.entry, ending.entry
        return (one.path, one.variable) == (other.path, other.variable)
    return True


def _others(looked: _Looked, ending: Ending) -> str:
    """Why the look and the free may be of two file systems."""
    if ending.alone or looked.read.path[0] == DENTRY or looked.file == ending.implementation.definition.path:
        return ""
    return f"->{ending.entry.method} has several functions in this folder, and {looked.file} may serve another of them"


def _better(found: dict[tuple[int, str], tuple[Freed, Ending]], freed: Freed, ending: Ending) -> None:
    """Keep the more certain, then the shorter, of what is known of one free."""
    key = (freed.free.call.line, shown(freed.free.path))
    before = found.get(key)
    if before is None or _order(freed) < _order(before[0]):
        found[key] = (freed, ending)


def _order(freed: Freed) -> tuple[int, int]:
    doubts = [one for one in (freed.free.doubt, freed.free.waited, freed.read.doubt, freed.others) if one]
    return len(doubts), len(freed.read.steps) + len(freed.free.steps)


def duty_of(
    obligation: Obligation, definition: Definition, frees: dict[tuple[int, str], tuple[Freed, Ending]]
) -> FreedDuty:
    """The duty of a function for what it frees: (line, what) -> the free, and the method by which it is come to."""
    kept = [one for _, one in sorted(frees.items())]
    first, ending = kept[0]
    listed = registrations(_tables(ending for _, ending in kept))
    method = ending.implementation.definition
    start = Step(method.path, method.span.line, f"{method.name}() is ->{ending.entry.method}")
    return FreedDuty(obligation, definition, first.free.graph, listed, (start,), tuple(one for one, _ in kept))


def _tables(endings: Iterable[Ending]) -> tuple[TableEntry, ...]:
    return tuple(dict.fromkeys(entry for one in endings for entry in one.implementation.entries))


def _why_lower(duty: FreedDuty, freed: Freed) -> Iterator[Doubt]:
    for why in dict.fromkeys((freed.free.doubt, freed.read.doubt, freed.others)):
        if why:
            yield Confidence.MODERATE, why
    if freed.free.waited:
        yield Confidence.LOW, freed.free.waited
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
