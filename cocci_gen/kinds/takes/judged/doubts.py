"""A thing that is kept at the end of a path -> the Doubts that lower the finding: what may make the path impossible, or the thing
somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.graphs.warned import gives_no_null, warns_of
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.states.deeds import assume, condition_of
from cocci_gen.code.states.known import ANY, ZERO
from cocci_gen.findings.findings import Confidence, Doubt
from cocci_gen.kinds.takes.holdings.followed import LEFT, given_back_behind
from cocci_gen.kinds.takes.holdings.holding import LENT, Holding, Sure

_RCU_WALK = re.compile(r"(?:ERR_PTR ?\()?-ECHILD\)?")
#: A test of what sort a thing is: `is_file_hugepages(file)`, `S_ISDIR(mode)`.
_ASKS_WHAT = re.compile(r"(?:is_|IS_|S_IS)\w+ ?\(")
_WORD = re.compile(r"(?<![\w.>])[A-Za-z_]\w*")
#: A variable, and none of the members of one.
_WHOLE = re.compile(r"(?<![\w.>])[A-Za-z_]\w*(?!\w|\.|->)")
#: A test whether there is anything in a variable; a place in what a variable leads to.
_ASKED = re.compile(r"(!?)([a-z_]\w*)")
_MEMBER = re.compile(r"[a-z_]\w*(?:(?:->|\.)\w+)+")
_WALKS = re.compile(r"LOOKUP_RCU|MAY_NOT_BLOCK|\brcu\b")


def doubts(holding: Holding, path: Path, *, asked: bool) -> Iterator[Doubt]:
    """What lowers a finding at the end of a path; `asked` tells whether somebody calls the function so that it may keep the
    thing."""
    if not holding.graph.whole:
        yield Confidence.MODERATE, f"a part of {holding.graph.name}() did not parse"
    if not asked:
        yield Confidence.LOW, "no call in this folder hands over what such a way takes"
    if any(parameter.name == holding.name for parameter in holding.graph.parameters):
        yield Confidence.MODERATE, f"{holding.name} is the caller's, who may give it back"
    if holding.thing.owned and all(call.callee not in holding.thing.releases for call in holding.graph.calls()):
        yield Confidence.MODERATE, f"{holding.graph.name}() gives none back anywhere, and who counts may know who does"
    if holding.thing.owned and holding.thing.is_lock:
        yield (
            Confidence.MODERATE,
            f"what ends it beside {'() or '.join(sorted(holding.thing.releases))}() nobody has told",
        )
    if holding.array:
        yield Confidence.MODERATE, f"what other elements of {holding.array} are is not looked at"
    if "." in holding.name:
        yield Confidence.MODERATE, f"what finds {holding.name} by its structure may give it back"
    if holding.is_lodged(path.nodes):
        yield Confidence.MODERATE, f"who finds it in {holding.lasts} may give it back, as other exits that fail do here"
    yield from _doubted_takers(holding, path)
    for stored in holding.stored(path.nodes):
        yield (
            Confidence.MODERATE,
            f"{stored.note} keeps it, too; other exits behind line {stored.line} give it back here",
        )
    for told in holding.told_others(path.nodes):
        yield Confidence.LOW, f"`{told.left}` at line {told.line} tells others where to find it"
    if _RCU_WALK.fullmatch(holding.graph.nodes[path.nodes[-1]].returned) or "-ECHILD" in _constants(holding, path):
        tests = (one for one in path.decisions if _excludes_rcu_walk(holding.graph.nodes[one.node].text, one.label))
        yield from (
            (Confidence.LOW, f"-ECHILD is for rcu-walk, and this way is none: `{holding.graph.nodes[one.node].text}`")
            for one in tests
        )
    yield from _held_for_impossible(holding, path)
    yield from _kept_before(holding, path)
    if holding.thing.owned:
        for test in holding.left_out(path):
            yield Confidence.MODERATE, f"`{test}` decides whether it is given back"
    yield from _unlikely(holding, path)
    yield from _read_twice(holding.graph, path)
    for step in path.nodes:
        for one in holding.events.get(step, ()):
            if one.note.endswith((LEFT, LENT)):
                yield Confidence.MODERATE, f"{one.note} (line {one.line})"
            elif one.call is not None and (step, one.call) not in holding.takers and one.outcome("owed", ()).ambiguous:
                yield Confidence.MODERATE, f"{one.note} at line {one.line} gives it back on some of its ways"


def _excludes_rcu_walk(test: str, label: str) -> bool:
    """Whether the outcome of a test says that names are not walked under RCU: what is taken behind it rightly blocks."""
    if test == "dentry":  # ->get_link is given none in rcu-walk
        return label == "true"
    return _WALKS.search(test) is not None and label == "false"


def _doubted_takers(holding: Holding, path: Path) -> Iterator[Doubt]:
    """What speaks against the calls on a way having taken anything."""
    unsure = holding.takers if holding.sure is not Sure.CERTAIN else ()
    for number, call in ((number, call) for number, call in unsure if number in path.nodes):
        elsewhere = given_back_behind(holding, number)
        who = "which gives it back elsewhere" if elsewhere else "as it is of others who call that and give it back"
        does = "may keep what it returns" if holding.by_value(call) else f"likely puts it into {holding.name}"
        yield Confidence.MODERATE, f"{call.callee}() {does}; it is taken for this function's own, {who}"
    yield from _told_by_takers(holding, path)
    for call in holding.told(path.nodes):
        yield Confidence.LOW, f"{call.callee}() is told of the failure that is returned, and hardly takes anything then"


def _told_by_takers(holding: Holding, path: Path) -> Iterator[Doubt]:
    """The tests by which a way fails that are of what a taker has told of itself, `made = make(dir, &err)`: if it says that it
    has failed, it has hardly taken anything."""
    graph, labels = holding.graph, {one.node: one.label for one in path.decisions}
    takers = dict(holding.takers)
    told: dict[str, Call] = {}
    for number in path.nodes:
        node = graph.nodes[number]
        made = {a.left: told[word] for a in node.assignments for word in _WHOLE.findall(a.right) if word in told}
        anew = {a.left for a in node.assignments} | {
            text[1:] for call in node.calls for text in call.arguments if text.startswith("&")
        }
        told = {name: call for name, call in told.items() if name not in anew} | made
        if call := takers.get(number):
            names = {text[1:] for text in call.arguments if text.startswith("&") and text[1:].isidentifier()}
            told = dict.fromkeys(names - holding.names, call)  # that the thing itself is there is no failure
        for name in told.keys() & {*_WORD.findall(node.text)} if number in labels else ():
            known = assume({}, condition_of(node), truth=labels[number] == "true") or {}
            if not known.get(name, (ANY, ""))[0] & ZERO:
                yield (
                    Confidence.LOW,
                    f"{told[name].callee}() tells of its failure in {name}, for which `{node.text}` asks",
                )


def _held_for_impossible(holding: Holding, path: Path) -> Iterator[Doubt]:
    """The branches behind the taking of which the function complains."""
    taken = {number for number, _ in holding.takers}
    since = max((at for at, number in enumerate(path.nodes) if number in taken), default=0)
    for decision in path.decisions:
        node = holding.graph.nodes[decision.node]
        if decision.node in path.nodes[since:] and warns_of(node, decision.label):
            yield (
                Confidence.LOW,
                f"the function warns should `{node.text}` be {decision.label}, and holds that for impossible",
            )


def _kept_before(holding: Holding, path: Path) -> Iterator[Doubt]:
    """A way that asks whether the thing is the one in a place that the function gives back as well: so it may do here."""
    same = re.compile(rf"(?<![\w.>]){re.escape(holding.name)} [!=]= (\w+(?:->|\.)[\w.>-]+)(?![\w.>(-])")
    released = {
        text for call in holding.graph.calls() if call.callee in holding.thing.releases for text in call.arguments
    }
    for number in path.nodes:
        if (found := same.search(holding.graph.nodes[number].text)) and found[1] in released:
            yield Confidence.LOW, f"`{found[0]}` is asked, and what {found[1]} keeps is given back"


def _unlikely(holding: Holding, path: Path) -> Iterator[Doubt]:
    """A way on which one test comes out both ways, though the function sets nothing of what it asks (or not in between, where it
    asks what something is, which does not change), but for the head of a loop, which ends so; or on which a pointer is NULL
    that was asked for an error, or that comes from a call which never gives that."""
    labels: dict[str, set[str]] = {}
    heads = {one for one in path.nodes if path.nodes.count(one) > 1 and _ends_a_loop(holding.graph, one)}
    ever = {word for a in holding.graph.assignments() for word in re.findall(r"\w+$", a.left)}
    decisions = iter(path.decisions)
    decision, copies = next(decisions, None), dict[str, str]()
    for number in path.nodes:
        node = holding.graph.nodes[number]
        copies |= {one.left: one.right for one in node.assignments}
        changed = {word for a in node.assignments for word in re.findall(r"\w+$", a.left)}
        labels = {text: found for text, found in labels.items() if changed.isdisjoint(re.findall(r"\w+", text))}
        if decision is None or decision.node != number:
            continue
        labels.setdefault(node.text, set()).add(decision.label)
        lasts = _ASKS_WHAT.match(node.text) or ever.isdisjoint(re.findall(r"\w+", node.text))
        if len(labels[node.text]) > 1 and lasts and number not in heads:
            yield Confidence.LOW, f"`{node.text}` comes out both ways on this path"
        asked = next(
            (one for one in (node.text, copies.get(node.text)) if "false" in labels.get(f"IS_ERR({one})", ())), ""
        )
        if decision.label == "false" and asked:
            yield Confidence.LOW, f"`{asked}` was asked for an error before, and is hardly NULL"
        if decision.label == "false" and (called := gives_no_null(copies.get(node.text, ""))):
            yield Confidence.LOW, f"`{node.text}` comes from {called}(), which does not fail"
        decision = next(decisions, None)


def _read_twice(graph: Graph, path: Path) -> Iterator[Doubt]:
    """The places of which a way says both that there is something and that there is nothing, `has = box->buf; buf = box->buf;`:
    it asks two variables, and nothing between the two reads calls anybody or sets a place."""
    labels = {one.node: one.label for one in path.decisions}
    read, known = dict[str, tuple[str, int]](), dict[tuple[str, int], set[str]]()
    age = 0
    for number in path.nodes:
        node = graph.nodes[number]
        if node.kind == "condition":
            asked = _ASKED.fullmatch(node.text)
            place = read.get(asked[2]) if asked else None
            if asked and place:
                truth = (labels.get(number) == "true") != bool(asked[1])
                known.setdefault(place, set()).add(str(truth))
                if len(known[place]) > 1:
                    yield Confidence.LOW, f"`{place[0]}` was read twice, and is both something and nothing on this path"
        age += bool(node.calls)
        for one in node.assignments:
            read = {name: place for name, place in read.items() if name != one.left}
            if _MEMBER.fullmatch(one.right) and not node.calls:
                read[one.left] = one.right, age
            elif not one.declares and not one.left.isidentifier():
                age += 1


def _ends_a_loop(graph: Graph, test: int) -> bool:
    """Whether one outcome of a test never comes back to it."""
    return any(test not in {after, *graph.behind((after,))} for after, _ in graph.nodes[test].successors)


def _constants(holding: Holding, path: Path) -> set[str]:
    """What the tests on a path compare the returned value with."""
    value = holding.graph.nodes[path.nodes[-1]].returned
    tests = (holding.graph.nodes[one.node].text for one in path.decisions if one.label == "true")
    return {match[1] for text in tests if value and (match := re.fullmatch(rf"{re.escape(value)} == (.+)", text))}
