"""Bound -> Breaks of what code itself says is held: a demanded lock that is not taken, a page said to be locked that is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.corpus.mutants.mutations import Body, Bound, Break, deleted, inserted, reached
from cocci_gen.document.readings import Mode
from cocci_gen.document.vocabulary import lock_takers
from cocci_gen.facts.locks.member_locks import known_members, lock_asserts, lock_releases, member_locks, member_of
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.handovers.fault_codes import FaultCodeRule
from cocci_gen.kinds.locks.demanded import DemandRule

_LOCKED = re.compile(r"return (?:\(?vm_fault_t\)? ?)?[^;]*\bVM_FAULT_LOCKED\b[^;]*;")
#: What locks the page of a fault -> what unlocks it, and the type.
_PAGE_LOCKS = {"lock_page": ("unlock_page", "struct page"), "folio_lock": ("folio_unlock", "struct folio")}


def demand_breaks(_: DemandRule, bound: Bound) -> Iterator[Break]:
    """The lock that a callee demands, taken no more, or given up in front of the call."""
    if bound.obligation.mode is not Mode.DEMANDED:
        return
    graph, index = bound.graph, bound.facts.index
    text = index.text(bound.definition.path)
    body = Body(bound.definition, text)
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            for member in _demanded(bound, call):
                takes = {n: c for n, o in enumerate(graph.nodes) for c in o.calls if _takes(c, member)}
                gives = {n: c for n, o in enumerate(graph.nodes) for c in o.calls if _gives(c, member)}
                for taken, one in takes.items():
                    others = frozenset(takes) - {taken}
                    if number not in reached(graph, (taken,), frozenset(gives)) or number not in reached(
                        graph, (0,), others
                    ):
                        continue
                    for statement in body.calls(one.callee, one.line):
                        words = deleted(bound.definition, text, statement, deep=False)
                        yield Break(
                            words.target, words.start, words.end, words.text, f"demanded: {words.words}", deep=False
                        )


def _demanded(bound: Bound, call: Call) -> frozenset[str]:
    """The locks of the file system's own that all meanings of a call say they hold."""
    if call.callee in lock_asserts():
        return frozenset({member_of(call.arguments[0])} if call.arguments else ()) - known_members() - {""}
    definitions: tuple[Definition, ...] = (
        bound.facts.index.resolve(call.callee, bound.definition.path) if call.direct else ()
    )
    said = [frozenset(member for member, _ in member_locks(bound.facts.index).demands(one)) for one in definitions]
    return frozenset.intersection(*said) - known_members() if said else frozenset()


def _takes(call: Call, member: str) -> bool:
    return call.callee in lock_takers() and bool(call.arguments) and member_of(call.arguments[0]) == member


def _gives(call: Call, member: str) -> bool:
    return call.callee in lock_releases() and bool(call.arguments) and member_of(call.arguments[0]) == member


def fault_breaks(_: FaultCodeRule, bound: Bound) -> Iterator[Break]:
    """A page unlocked in front of the return that says it is locked, here or in a helper; or never locked."""
    graph, target = bound.graph, bound.definition
    text = bound.facts.index.text(target.path)
    body = Body(target, text)
    for call in graph.calls():
        if call.callee not in _PAGE_LOCKS or not call.arguments or not call.arguments[0].isidentifier():
            continue
        release, kind = _PAGE_LOCKS[call.callee]
        name = call.arguments[0]
        locks = frozenset(n for n, o in enumerate(graph.nodes) if call in o.calls)
        for statement in body.returns():
            ends = {n for n, o in enumerate(graph.nodes) if o.line == statement.line and o.kind == "return"}
            if (
                not _LOCKED.fullmatch(statement.text)
                or statement.needed
                or not ends & reached(graph, tuple(locks), frozenset())
            ):
                continue
            yield inserted(target, statement, f"{release}({name});", deep=False)
            yield _helped(target, text, statement.start, f"{release}({name})", kind, release, name)
        if any("VM_FAULT_LOCKED" in node.returned for node in graph.nodes if node.kind == "return"):
            for statement in body.calls(call.callee, call.line):
                yield deleted(target, text, statement, deep=False)


def _helped(target: Definition, text: bytes, at: int, words: str, kind: str, release: str, name: str) -> Break:
    """The unlock in a helper that stands in front of the function, on its first line."""
    start = target.span.start
    helper = f"static void cg_done({kind} *p) {{ {release}(p); }} ".encode()
    code = helper + text[start:at] + f"cg_done({name}); ".encode()
    return Break(target, start, at, code, f"`{words}` in a helper in front of a return of VM_FAULT_LOCKED", deep=True)
