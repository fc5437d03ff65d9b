"""Bound -> Breaks of the kinds about calls: one that sleeps is put in, a bail-out or an owed call goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.corpus.mutants.mutations import Body, Bound, Break, deleted, inserted, reached
from cocci_gen.corpus.mutants.places import certain_calls, near_callees, places
from cocci_gen.document.readings import Mode
from cocci_gen.facts.sleeps.sleep_chains import Forbidden
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.walks.sleep_words import sleep_words
from cocci_gen.kinds.calls.barred import barred_calls
from cocci_gen.kinds.calls.forbidden import ForbiddenCallRule
from cocci_gen.kinds.calls.owed import Owed, Paths, Success, owed_calls
from cocci_gen.kinds.calls.required import RequiredCallRule
from cocci_gen.kinds.sleeps.rule import CallRule

#: What sleeps, as people write it.
_SLEEPS = (
    "kfree(kmalloc(64, GFP_KERNEL));",
    "mutex_lock(&mutation_lock);",
    "inode_lock(mutation_inode);",
    "msleep(1);",
)
#: The same as a scope, where the tree has such.
_SLEEPING_SCOPES = ("guard(mutex)(&mutation_lock);", "scoped_guard(mutex, &mutation_lock) mutation_done();")
_ENABLES = ("spin_lock_irq(&mutation_lock); spin_unlock_irq(&mutation_lock);", "local_irq_enable();")
_MODES = re.compile(r"LOOKUP_RCU|MAY_NOT_BLOCK|\brcu_?walk\b|\brcu\b|^\(! ?dentry\)$|IPERM_FLAG_RCU")
_FAILS = re.compile(r"-E[A-Z]|PTR_ERR|ERR_PTR")
_LEAVES = re.compile(r"\breturn\b[^;]*ECHILD|\breturn\b")


def call_breaks(rule: CallRule, bound: Bound) -> Iterator[Break]:
    """A sleep (or what enables interrupts) put in; for rcu-walk, the bail-out taken away or preceded."""
    if bound.obligation.mode is Mode.ENDED:
        return  # no walk calls what ends the object, which may sleep
    if rule.forbidden is Forbidden.UNPINNED:
        yield from _unpinned(bound)
        return
    mode = sleep_words().mode(bound.obligation.struct, bound.obligation.method) if rule.kind == "rcu_walk" else None
    if mode is not None and mode.always:
        return  # its cell "may block" forbids to sleep, and is broken as that
    releases = sleep_words().releases
    gives_up = any(call.callee in releases for call in bound.graph.calls())
    scopes = _SLEEPING_SCOPES if "mutex" in bound.facts.index.reading(bound.definition.path).classes else ()
    codes = _ENABLES if rule.kind == "irq_safe" else (*_SLEEPS, *scopes)
    for place in places(bound, first=gives_up or rule.kind == "rcu_walk"):
        for code in codes:
            yield inserted(place.target, place.statement, code, deep=place.deep)
    if rule.kind == "rcu_walk":
        yield from _without_bail_out(bound)


def _unpinned(bound: Bound) -> Iterator[Break]:
    """The inode of the parent looked into, which may be gone."""
    for place in places(bound, first=True):
        for parameter in place.graph.parameters:
            if not place.deep and parameter.name and parameter.type.removeprefix("const ") == "struct dentry *":
                code = f"mutation_use(d_inode({parameter.name}->d_parent)->i_ino);"
                yield inserted(place.target, place.statement, code, deep=False)


def _without_bail_out(bound: Bound) -> Iterator[Break]:
    text = bound.facts.index.text(bound.definition.path)
    for condition, statement in Body(bound.definition, text).ifs():
        if _MODES.search(condition) and _LEAVES.search(statement.text):
            sleeps = _sleeps_behind(bound, statement.line)
            if sleeps:
                yield deleted(bound.definition, text, statement, deep=sleeps == "callee")


def _sleeps_behind(bound: Bound, line: int) -> str:
    """ "method" when a plain sleep comes behind the bail-out, "callee" when one comes in a callee, else ""."""
    graph = bound.graph
    tests = {n for n, node in enumerate(graph.nodes) if node.kind == "condition" and _MODES.search(f"({node.text})")}
    here = frozenset(number for number in tests if graph.nodes[number].line == line)
    behind = reached(graph, tuple(here), frozenset(tests - here)) & reached(graph, (0,), frozenset(tests - here))
    if any(_plain_sleep(graph, number) for number in behind):
        return "method"
    for number in behind:
        for call in graph.nodes[number].calls:
            for _, inner in near_callees(bound, call):
                told = any(_MODES.search(node.text) for node in inner.nodes if node.kind == "condition")
                if not told and any(_plain_sleep(inner, at) for at in reached(inner, (0,), frozenset())):
                    return "callee"
    return ""


def _plain_sleep(graph: Graph, number: int) -> bool:
    words = sleep_words()
    return any(
        call.direct
        and (
            words.sleeps.why(call.callee)
            or (words.allocates.why(call.callee) and {"GFP_KERNEL", "GFP_NOFS"} & set(call.arguments))
        )
        for call in graph.nodes[number].calls
    )


def owed_breaks(_: RequiredCallRule, bound: Bound) -> Iterator[Break]:
    """The one owed call of a path deleted, in the method or in a callee that makes it for the method."""
    for owed in owed_calls():
        names = (frozenset(bound.obligation.names) | owed.also) - owed.writes
        if not owed.binds(bound.obligation) or bound.graph.name in names:  # the generic function owes nothing to itself
            continue
        if not owed.only.search(" ".join((bound.graph.name, *(node.text for node in bound.graph.nodes)))):
            continue
        if names & {call.callee for call in bound.graph.calls()}:
            yield from _without_call(bound, owed, bound.definition, bound.graph, deep=False)
            continue
        for call in certain_calls(bound.graph):
            for callee, graph in near_callees(bound, call):
                yield from _without_call(bound, owed, callee, graph, deep=True)


def _without_call(bound: Bound, owed: Owed, target: Definition, graph: Graph, *, deep: bool) -> Iterator[Break]:
    names = (frozenset(bound.obligation.names) | owed.also) - owed.writes
    made = {n: call for n, node in enumerate(graph.nodes) for call in node.calls if call.callee in names}
    if (owed.paths is Paths.SOMEWHERE or deep) and len(made) != 1:
        return
    text = bound.facts.index.text(target.path)
    body = Body(target, text)
    for number, call in made.items():
        others = frozenset(made) - {number}
        if not _alone(owed, graph, number, others) or (owed.paths is Paths.SOMEWHERE and _helped(graph, call)):
            continue
        for statement in body.calls(call.callee, call.line):
            yield deleted(target, text, statement, deep=deep)
        if owed.success is Success.TRUE:  # 0 for the call's value is then a failure, at which nothing is owed
            continue
        for start, end in body.values(call.callee, call.line):
            lines = b"\n" * text[start:end].count(b"\n")
            words = f"`{call.callee}()` at line {call.line} becomes 0"
            yield Break(target, start, end, b"0" + lines, words, deep)


def _alone(owed: Owed, graph: Graph, number: int, others: frozenset[int]) -> bool:
    """Whether a call is on a path to a return at which it is owed, and no other such call is on that path."""
    if number not in reached(graph, (0,), others):
        return False
    behind = {number} | reached(graph, (number,), others)
    returns = [graph.nodes[n].text for n in behind if graph.nodes[n].kind == "return"]
    return any(owed.paths is not Paths.SUCCESS or not _FAILS.search(text) for text in returns)


def _helped(graph: Graph, call: Call) -> bool:
    """Whether another call is given what the owed one is given: it may do the same in the end."""
    given = {argument for argument in call.arguments if re.fullmatch(r"[a-z_]\w*", argument)}
    return any(other != call and given & set(other.arguments) for other in graph.calls())


def barred_breaks(_: ForbiddenCallRule, bound: Bound) -> Iterator[Break]:
    """A forbidden call put in."""
    for barred in barred_calls():
        mine = bound.obligation.struct == barred.struct and bound.obligation.method in barred.methods
        if not mine or not bound.obligation.names or barred.whose != "method":
            continue
        for place in places(bound, first=False):
            for name in bound.obligation.names:
                code = f"{name}(mutation);" if bound.facts.index.definitions(name) else f"mutation->{name}(mutation);"
                yield inserted(place.target, place.statement, code, deep=place.deep)
