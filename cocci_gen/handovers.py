"""Leaf between stages 4 and 6: the kind `returns_locked`, "success hands the caller a locked thing, failure gives it back".

->write_begin, ->fault, ->page_mkwrite and ->mount take something for their caller.  A failing return that still has the lock
or the reference leaks it, because callers clean up only after success; a succeeding return without the lock (or without `*pagep`)
makes the caller unlock what it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cocci_gen.branches import branch_steps, last_branch
from cocci_gen.contracts import Contract, Says, contracts
from cocci_gen.control_flow import Call, Graph, Node
from cocci_gen.duties import Duty, TreeFacts, Unexamined, bound_graph, implementations_of, registrations
from cocci_gen.effects import aliases, call_vocabulary, is_alias
from cocci_gen.findings import Breach, Confidence, Doubt, NoFix, Registration, Step
from cocci_gen.index import Definition
from cocci_gen.obligations import Obligation
from cocci_gen.paths import Facts, NoPath, Path, find_path
from cocci_gen.smpl import SemanticPatch, render
from cocci_gen.suspects import FixPlan, Suspect, Told, finding_of
from cocci_gen.turns import Turn, way_over

#: Begins the words about a call whose result the caller returns: only then the callee's success is the method's.
_RETURNED = "as its result, "
#: A function, who registers it, and how the obligation came there.
_Bound = tuple[Definition, tuple[Registration, ...], tuple[Step, ...]]
#: Functions that the out parameter is passed on through.
_DELEGATIONS = 3
_WORD = re.compile(r"[A-Za-z_]\w*")
_VARIABLE = re.compile(r"^[a-z_]\w*$")
#: Methods that are called with the page locked and return with it locked: so may be the functions that implement them.
_KEEPING = frozenset({"launder_folio", "launder_page", "invalidate_folio", "invalidatepage", "is_partially_uptodate"})
_CLEANS = re.compile(r"release|unlock|cleanup|abort|fail|end|put|drop|kill|destroy")


@dataclass(frozen=True, slots=True)
class Taking:
    """One call that takes the thing, into (or out of) `name`; `label` is the branch on which it did, "" for any."""

    node: int
    label: str
    line: int
    callee: str
    name: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A return that says the wrong thing: the way to it leads over `turn` (the taking, or a release) and from there past
    none of `blocked`, but perhaps past calls of `passes`, which cannot be seen through; `missing` is what the way
    lacks ("lock", "reference", "value" or "taken")."""

    target: int
    turn: int
    label: str
    blocked: frozenset[int]
    says: Says
    missing: str
    taking: Taking
    passes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class HandoverDuty(Duty):
    """A function that takes something for its caller, and its suspicious returns."""

    contract: Contract
    out: str
    wrongs: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class HandoverRule:
    """The kind `returns_locked`."""

    kind: str = "returns_locked"

    def duties(
        self, obligation: Obligation, facts: TreeFacts
    ) -> tuple[tuple[HandoverDuty, ...], tuple[Unexamined, ...]]:
        """The methods (and functions that they pass the out parameter on to) with a suspicious return."""
        implementations, lost = implementations_of(obligation, facts.index)
        missing = list(lost)
        contract = contracts().get(obligation.method)
        if contract is None:
            return (), lost
        duties: dict[Definition, HandoverDuty | None] = {}
        todo: list[_Bound] = [(one.definition, registrations(one.entries), ()) for one in implementations]
        while todo:
            definition, registered, chain = todo.pop(0)
            if definition in duties:
                continue
            graph = bound_graph(obligation, definition, facts.index)
            duties[definition] = None
            if isinstance(graph, Unexamined):
                missing.append(graph)
                continue
            out = _out(graph, contract)
            base = HandoverDuty(obligation, definition, graph, registered, chain, contract, out, ())
            wrongs = _Reader(base, facts).wrongs()
            partly = [step for step in chain if not step.note.startswith(_RETURNED)]
            duties[definition] = replace(base, wrongs=tuple(w for w in wrongs if w.says is Says.FAILURE or not partly))
            if out and len(chain) < _DELEGATIONS:
                todo += _passed_on(base, facts)
        return tuple(duty for duty in duties.values() if duty is not None and duty.wrongs), tuple(missing)

    def semantic_patch(self, duty: HandoverDuty) -> SemanticPatch:
        """SmPL that stars the returns behind a taking call (or behind a release, where success needs the lock)."""
        return render(self.kind, duty.obligation.id, _context(duty, "report"))

    def judge(self, duty: HandoverDuty, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
        """A suspect for every starred return; what is missing at one return is said in one finding."""
        starred = set(lines)
        by_return: dict[int, list[tuple[Wrong, Path]]] = {}
        for wrong in duty.wrongs:
            path = _way(duty, wrong)
            if duty.graph.nodes[wrong.target].line in starred and isinstance(path, Path):
                by_return.setdefault(wrong.target, []).append((wrong, path))
        return tuple(_suspect(duty, found, text) for _, found in sorted(by_return.items()))

    def unstarred(self, duty: HandoverDuty, lines: Iterable[int]) -> tuple[Node, ...]:
        """Returns to which the path search finds a way although spatch starred nothing."""
        starred = set(lines)
        nodes = {wrong.target for wrong in duty.wrongs if isinstance(_way(duty, wrong), Path)}
        return tuple(duty.graph.nodes[node] for node in sorted(nodes) if duty.graph.nodes[node].line not in starred)

    def again(self, duty: HandoverDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> HandoverDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        base = replace(duty, definition=definition, graph=graph, out=_out(graph, duty.contract), wrongs=())
        return replace(base, wrongs=_Reader(base, facts).wrongs())


def _out(graph: Graph, contract: Contract) -> str:
    """The name of the parameter through which the thing is handed over, "" where there is none."""
    if not contract.out:
        return ""
    return next((p.name for p in graph.parameters if re.fullmatch(contract.out, p.type)), "")


def _passed_on(duty: HandoverDuty, facts: TreeFacts) -> list[_Bound]:
    found: list[_Bound] = []
    for call in duty.graph.calls():
        if call.direct and duty.out in call.arguments:
            returned = any(
                call in node.calls and node.text.startswith(f"return {call.callee}(") for node in duty.graph.nodes
            )
            note = f"{duty.graph.name}() passes {duty.out} on to {call.callee}()"
            step = Step(duty.definition.path, call.line, f"{_RETURNED}{note}" if returned else note)
            for definition in facts.index.resolve(call.callee, duty.definition.path):
                found.append((definition, duty.registrations, (*duty.chain, step)))
    return found


class _Reader:
    """Reads one function: where it takes, what gives back, and which returns are suspicious."""

    def __init__(self, duty: HandoverDuty, facts: TreeFacts) -> None:
        self.duty = duty
        self.graph = duty.graph
        self.contract = duty.contract
        self.facts = facts

    def wrongs(self) -> tuple[Wrong, ...]:
        """Every suspicious return of the function, not yet searched for a way."""
        found: list[Wrong] = []
        returns = [number for number, node in enumerate(self.graph.nodes) if node.kind == "return" and node.text]
        for taking in self._takings():
            names = self._names(taking.name)
            gone, put, retaken = self._nodes(names, taking)
            unseen = self._unseen(names, taking)
            turn, label = taking.node, taking.label
            for number in returns:
                found.append(self._failure(number, gone, unseen, "lock", taking))
                if self.contract.put:
                    found.append(self._failure(number, put, unseen, "reference", taking))
                if self.duty.out and taking.name != f"*{self.duty.out}":
                    found.append(Wrong(number, turn, label, self._handed_out() | gone, Says.SUCCESS, "value", taking))
                for node in sorted(self._direct_releases(names)):
                    found.append(Wrong(number, node, "", retaken, Says.SUCCESS, "taken", taking))
        return tuple(wrong for wrong in found if isinstance(_way(self.duty, wrong), Path))

    def _failure(
        self, target: int, blocked: frozenset[int], unseen: frozenset[int], missing: str, taking: Taking
    ) -> Wrong:
        """The failing return by a way that trusts no unknown call, or, where there is none, by one that passes some."""
        strict = Wrong(target, taking.node, taking.label, blocked, Says.FAILURE, missing, taking)
        if not unseen or isinstance(_way(self.duty, strict), Path):
            return strict
        return replace(strict, blocked=blocked - unseen, passes=unseen)

    def _unseen(self, names: frozenset[str], taking: Taking) -> frozenset[int]:
        """Nodes of which only a call that cannot be seen through says that the thing may be gone."""
        found = set()
        for number, node in enumerate(self.graph.nodes):
            marks = [self._marks(call, names) for call in node.calls]
            certain = any(one & {"lock", "reference", "both"} for one in marks)
            certain = certain or any(_CLEANS.search(call.callee) for call in node.calls)  # what its name promises
            kept = any(self._kept(a.left, a.right, names) or a.left == taking.name for a in node.assignments)
            if any("unknown" in one for one in marks) and not certain and not kept and node.kind != "return":
                found.add(number)
        return frozenset(found)

    def _takings(self) -> list[Taking]:
        found = []
        for number, node in enumerate(self.graph.nodes):
            for call in node.calls:
                name, success = self._taken(node, call)
                if name:
                    label = success if node.kind == "condition" else ""
                    found.append(Taking(number, label, call.line, call.callee, name))
        return found

    def _taken(self, node: Node, call: Call) -> tuple[str, str]:
        """What holds the thing that a call takes, and the label of a branch on the call that means success."""
        contract = self.contract
        if self._gives_back(call):
            for assignment in node.assignments:
                if (
                    re.match(rf"(?:\([^()]*\) ?)?{re.escape(call.callee)} ?\(", assignment.right)
                    and assignment.operator == "="
                ):
                    return assignment.left, ""
        if call.arguments and not contract.put:
            if call.callee in contract.locking:
                return call.arguments[0], ""
            if call.callee in contract.killable:
                return call.arguments[0], "false"
            if call.callee in contract.attempting:
                return call.arguments[0], "true"
        return "", ""

    def _gives_back(self, call: Call) -> bool:
        """Whether the call returns the thing taken, itself or as a wrapper of one line."""
        if self.contract.gives_back(call):
            return True
        if not call.direct or not (self.contract.returning | self.contract.flagged):
            return False
        for definition in self.facts.index.resolve(call.callee, self.duty.definition.path)[:1]:
            graph = self.facts.index.graph(definition)
            if graph is None or len(graph.nodes) > 4 or not graph.returns.endswith("*"):
                return False
            inner = [other for node in graph.nodes if node.kind == "return" for other in node.calls]
            return any(
                self.contract.gives_back(Call(o.callee, True, (*o.arguments, *call.arguments), o.line)) for o in inner
            )
        return False

    def _names(self, name: str) -> frozenset[str]:
        names = set(aliases(self.graph, name))
        if self.duty.out:
            handed = {a.left for a in self.graph.assignments() if a.left == f"*{self.duty.out}" and a.right in names}
            names |= handed
        return frozenset(names)

    def _nodes(self, names: frozenset[str], taking: Taking) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        """Nodes behind which the lock is (perhaps) gone, the reference is, the lock is taken again (or may be)."""
        gone, put, retaken = set(), set(), set()
        for number, node in enumerate(self.graph.nodes):
            for call in node.calls:
                marks = self._marks(call, names)
                if call.callee == taking.callee and number == taking.node:
                    retaken.add(number)
                    continue
                gone |= {number} if marks & {"lock", "both", "unknown"} else set()
                put |= {number} if marks & {"reference", "both", "unknown"} else set()
                retaken |= {number} if marks & {"take", "unknown"} or self._taken(node, call)[0] in names else set()
            for assignment in node.assignments:
                if self._kept(assignment.left, assignment.right, names):
                    gone.add(number)
                    put.add(number)
                if (
                    assignment.left == taking.name
                    and number != taking.node
                    and assignment.operator == "="
                    and not is_alias(assignment.right, names, call_vocabulary())
                ):
                    gone.add(number)  # the name holds something else from here on
                    put.add(number)
        return frozenset(gone), frozenset(put), frozenset(retaken)

    def _kept(self, left: str, right: str, names: frozenset[str]) -> bool:
        if _WORD.fullmatch(left) or (self.duty.out and left == f"*{self.duty.out}"):
            return False
        if left.startswith(("vmf->page", "*fsdata")):
            return False
        return is_alias(right, names, call_vocabulary()) or (
            right.startswith("{") and bool(set(_WORD.findall(right)) & names)
        )

    def _direct_releases(self, names: frozenset[str]) -> set[int]:
        return {
            number
            for number, node in enumerate(self.graph.nodes)
            for call in node.calls
            if call.callee in self.contract.release | self.contract.both
            and call.arguments
            and self._is_thing(call.arguments[0], names)
        }

    def _handed_out(self) -> frozenset[int]:
        """Nodes that store through the out parameter or pass it on."""
        out = self.duty.out
        return frozenset(
            number
            for number, node in enumerate(self.graph.nodes)
            if any(a.left == f"*{out}" for a in node.assignments)
            or any(out in _WORD.findall(text) for c in node.calls for text in c.arguments)
        )

    def _is_thing(self, text: str, names: frozenset[str]) -> bool:
        return is_alias(text, names, call_vocabulary()) or re.sub(r"^&|->s_umount$", "", text) in names

    def _marks(self, call: Call, names: frozenset[str], depth: int = 3) -> frozenset[str]:
        """lock, reference, both, take, unknown: what a call does to the thing."""
        if not any(self._is_thing(text, names) or text == self.duty.out != "" for text in call.arguments):
            return frozenset()
        for words, mark in (
            (self.contract.both, "both"),
            (self.contract.release, "lock"),
            (self.contract.put, "reference"),
        ):
            if call.callee in words:
                return frozenset({mark})
        if not call.direct or self.duty.out in call.arguments != ():
            return frozenset({"unknown"})
        if any(entry.method in _KEEPING for entry in self.facts.index.entries_naming(call.callee)):
            return frozenset()
        if self.contract.outcome == "pointer":
            return frozenset()  # a super block goes everywhere; only the calls named above give it back
        effect = self.facts.effects.call_effect(call, self.duty.definition.path, set(names), depth)
        marks = {"lock"} if "release" in effect.marks else set()
        marks |= {"take"} if "take" in effect.marks else set()
        marks |= {"unknown"} if effect.marks & {"unknown", "escape", "hand_on"} else set()
        if self.contract.put and self._puts(call, names, self.duty.definition.path, 3):
            marks.add("reference")
        return frozenset(marks)

    def _puts(self, call: Call, names: Iterable[str], path: str, depth: int) -> bool:
        """Whether a callee drops the reference."""
        known = frozenset(names)
        positions = [place for place, text in enumerate(call.arguments) if is_alias(text, known, call_vocabulary())]
        if call.callee in self.contract.put or not positions or depth == 0 or call_vocabulary().is_neutral(call.callee):
            return bool(positions) and call.callee in self.contract.put
        for definition in self.facts.index.resolve(call.callee, path):
            graph = self.facts.index.graph(definition)
            if graph is None:
                return True
            inner = {graph.parameters[p].name for p in positions if p < len(graph.parameters)} - {""}
            known_inside = {alias for name in inner for alias in aliases(graph, name)}
            if any(self._puts(other, known_inside, definition.path, depth - 1) for other in graph.calls()):
                return True
        return False


def _good(node: Node, name: str) -> str:
    """The label of a test of a pointer that means "there is one", "" when it tests something else."""
    place = re.escape(name)
    text = node.text
    for assignment in node.assignments:
        if assignment.left == name:
            text = text.replace(f"({name} = {assignment.right})", name)
            text = name if text == f"{name} = {assignment.right}" else text
    if re.fullmatch(rf"{place}|{place} != NULL", text):
        return "true"
    if re.fullmatch(rf"{place} == NULL|IS_ERR(?:_OR_NULL)? ?\({place}\)", text):
        return "false"
    return ""


def _way(duty: HandoverDuty, wrong: Wrong) -> Path | NoPath:
    """A way from the entry over the turn to the return, on which the value is what `wrong` says it is."""
    value = duty.graph.nodes[wrong.target].returned

    def refused(node: Node, label: str) -> bool:
        good = _good(node, wrong.taking.name)
        return good != "" and label != good

    path = way_over(
        duty.graph,
        Turn(wrong.turn, wrong.label, wrong.target, wrong.blocked),
        refused=refused,
        accept=lambda facts: _may_say(duty, wrong, value, facts),
    )
    if isinstance(path, NoPath) or _assigned(duty, wrong, value, path):
        return path
    return NoPath(exhausted=False)


def _may_say(duty: HandoverDuty, wrong: Wrong, value: str, facts: Facts) -> bool:
    says = duty.contract.says(value, facts)
    return says is wrong.says or (duty.contract.outcome == "pointer" and _VARIABLE.match(value) is not None)


def _assigned(duty: HandoverDuty, wrong: Wrong, value: str, path: Path) -> bool:
    """Whether the returned variable got its value by an assignment that says so, where only a test tells it or nothing."""
    if not _VARIABLE.match(value) or (wrong.says is Says.FAILURE and duty.contract.outcome != "pointer"):
        return True
    rights = [a.right for step in path.nodes for a in duty.graph.nodes[step].assignments if a.left == value]
    return bool(rights) and duty.contract.says(rights[-1], ()) is wrong.says


# What to say, and how sure.


def _suspect(duty: HandoverDuty, found: list[tuple[Wrong, Path]], text: str) -> Suspect:
    wrong, path = found[0]
    node = duty.graph.nodes[wrong.target]
    missing = tuple(
        dict.fromkeys(
            one.missing for one, _ in found if one.says is wrong.says and one.taking.name == wrong.taking.name
        )
    )
    breach = _breach(duty, wrong, path, missing)
    file = duty.definition.path
    takes = Step(file, wrong.taking.line, f"{wrong.taking.callee}() takes {wrong.taking.name}")
    reached = Step(file, node.line, f"`{node.text}` is reached")
    told = Told(
        line=node.line,
        code=f"{breach.condition}|{breach.taken}|{node.text}",
        message=_message(duty, wrong, missing),
        breach=breach,
        evidence=(*duty.chain, takes, *branch_steps(duty.graph, path, file), reached),
        doubts=_why_lower(duty, wrong, path),
    )
    return Suspect(finding_of(duty, told, text), path, _plan(duty, wrong, breach.missing))


def _message(duty: HandoverDuty, wrong: Wrong, missing: tuple[str, ...]) -> str:
    name = wrong.taking.name
    if wrong.says is Says.SUCCESS:
        if wrong.missing == "value":
            return f"{duty.graph.name}() returns success without having set *{duty.out}"
        return f"{duty.graph.name}() returns success with {name} unlocked"
    words = {("lock",): "locked", ("reference",): "referenced", ("lock", "reference"): "locked and referenced"}
    return f"{duty.graph.name}() fails with {name} still {words[missing]}"


def _calls(duty: HandoverDuty, wrong: Wrong, missing: tuple[str, ...]) -> tuple[str, ...]:
    """The calls that the way lacks, in the vocabulary of the function."""
    if wrong.says is Says.SUCCESS:
        return ()
    if duty.contract.outcome == "pointer":
        return ("deactivate_locked_super",)
    used = {call.callee for call in duty.graph.calls()}
    folio = "folio_unlock" in used if used & {"folio_unlock", "unlock_page"} else "folio" in wrong.taking.callee
    names = {"lock": "folio_unlock" if folio else "unlock_page", "reference": "folio_put" if folio else "put_page"}
    return tuple(names[one] for one in missing)


def _breach(duty: HandoverDuty, wrong: Wrong, path: Path, missing: tuple[str, ...]) -> Breach:
    branch = last_branch(duty.graph, path)
    statement = duty.graph.nodes[wrong.target].text
    word = (
        "super block" if duty.contract.outcome == "pointer" else "folio" if "folio" in wrong.taking.callee else "page"
    )
    calls = _calls(duty, wrong, missing)
    return branch.breach(statement, calls, word, wrong.taking.name)


def _why_lower(duty: HandoverDuty, wrong: Wrong, path: Path) -> tuple[Doubt, ...]:
    reasons = []
    if not duty.graph.whole:
        reasons.append((Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"))
    passed = [step for step in path.nodes if step in wrong.passes]
    for step in passed[:1]:
        line = duty.graph.nodes[step].line
        level = Confidence.LOW if duty.chain else Confidence.MODERATE
        reasons.append((level, f"the way passes a call at line {line} that may give it back, unseen"))
    for step in path.nodes[1:]:
        for call in duty.graph.nodes[step].calls:
            if _CLEANS.search(call.callee) and _may_find(call):
                reasons.append(
                    (Confidence.MODERATE, f"{call.callee}() at line {call.line} may give it back by its place")
                )
    return tuple(dict.fromkeys(reasons))


def _may_find(call: Call) -> bool:
    words = {word for text in call.arguments for word in _WORD.findall(text)}
    return bool(words & {"mapping", "index", "pagep", "foliop", "fsdata", "wc", "ctx"}) and not call.callee.startswith(
        ("filemap_", "mapping_")
    )


# How to mend it.


def _plan(duty: HandoverDuty, wrong: Wrong, missing: tuple[str, ...]) -> FixPlan | NoFix:
    """The missing calls before a return that only this failure reaches."""
    node = duty.graph.nodes[wrong.target]
    if duty.contract.put and missing in (("unlock_page",), ("folio_unlock",)):
        return NoFix("the reference is dropped on the way, and the lock must be given back before it")
    if wrong.passes:
        return NoFix("a call on the way cannot be seen through, and may give it back")
    if not missing:
        return NoFix("what is missing is more than a call")
    if not re.fullmatch(
        r"return (?:-E[A-Z0-9]+|PTR_ERR\(\w+\)|VM_FAULT_[A-Z]+|0|ERR_PTR\(-?\w+\)|[a-z_]\w*);", node.text
    ):
        return NoFix("the returned value may depend on what is given back")
    before = find_path(duty.graph, wrong.target, {wrong.taking.node})
    given_back = [
        node
        for node in wrong.blocked
        if isinstance(find_path(duty.graph, node, (), start=wrong.turn), Path)
        and isinstance(find_path(duty.graph, wrong.target, {wrong.taking.node}, start=node), Path)
    ]
    if isinstance(before, Path) or given_back:
        return NoFix("other ways, on which nothing is to be given back, lead to the same return")
    inserts = [f"{call}({wrong.taking.name});" for call in missing]
    context = _context(duty, "fix", inserts=inserts, exit=node.text, thing=wrong.taking.name, taker=wrong.taking.callee)
    return FixPlan(render("returns_locked", duty.obligation.id, context), node.line)


def _context(duty: HandoverDuty, mode: str, **more: object) -> dict[str, object]:
    contract = duty.contract
    failing = [wrong for wrong in duty.wrongs if wrong.says is Says.FAILURE or wrong.missing == "value"]
    unlocked = [wrong for wrong in duty.wrongs if wrong.missing == "taken"]
    written = " ".join(str(part) for value in more.values() for part in (value if isinstance(value, list) else [value]))
    names = {p.name for p in duty.graph.parameters} | {a.left for a in duty.graph.assignments()}
    return {
        "mode": mode,
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "takers": sorted({wrong.taking.callee for wrong in failing}) or sorted(contract.returning | contract.locking),
        "releases": sorted(
            {
                c.callee
                for w in unlocked
                for c in duty.graph.nodes[w.turn].calls
                if c.callee in duty.contract.release | duty.contract.both
            }
        ),
        "retakers": sorted({wrong.taking.callee for wrong in unlocked}),
        "symbols": sorted(set(_WORD.findall(written)) & names),
        **more,
    }
