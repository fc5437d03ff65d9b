"""A label -> End, what is done behind it, by a way that fails where one is asked for, and which variable is returned."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.states.known import ANY, NEGATIVE, POSITIVE, ZERO
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.resources import data_tables

_WORD = re.compile(r"[A-Za-z_]\w*")
GOTO = re.compile(r"goto (\w+);")
#: Error numbers that tell of no failure: the I/O is under way, and who ends it gives back.
GOES_ON = frozenset({"-EIOCBQUEUED", "-EINPROGRESS"})
#: Values that certainly tell of a failure.
FAILING = (
    rf"(?!(?:{'|'.join(sorted(GOES_ON))})\b)-E[A-Z0-9]+|PTR_ERR ?\(\w+\)|ERR_PTR ?\([-\w]+\)|ERR_CAST ?\(\w+\)"
    r"|VM_FAULT_(?:SIGBUS|SIGSEGV|OOM|NOPAGE|RETRY|HWPOISON)"
)
#: What gives a thing back at the end of a block: no jump may lead over where it is declared.
_SCOPED = re.compile(r"(?:__free_\w+|class_\w+_destructor)\(&(\w+)\)")
#: What a test asks of a variable -> the signs that it then has behind its true side.
_ASKED = {
    "{}": NEGATIVE | POSITIVE, "{} < 0": NEGATIVE, "{} != 0": NEGATIVE | POSITIVE, "{} <= 0": NEGATIVE | ZERO,
    "IS_ERR({})": NEGATIVE, "IS_ERR_VALUE({})": NEGATIVE,
    # Of a fault code: who fails does not hand over the page locked.
    "{} == VM_FAULT_LOCKED": ZERO | POSITIVE, "{} != VM_FAULT_LOCKED": NEGATIVE, "{} & VM_FAULT_ERROR": NEGATIVE,
    "!{}": ZERO, "{} == 0": ZERO, "{} >= 0": ZERO | POSITIVE, "{} > 0": POSITIVE, "!IS_ERR({})": ZERO | POSITIVE,
}  # fmt: skip
#: What is returned of a variable: itself, or another value where it says nothing (`n ?: -EFAULT`), or its error as a pointer.
_OF_VARIABLE = re.compile(r"([a-z_]\w*)(?: \? ?: .+)?|ERR_PTR ?\(([a-z_]\w*)\)")
#: What makes a fault code of an error number, in a function that returns one: `vmf_error(err)`.
_FAULT_OF = re.compile(r"[a-z]\w* ?\(([a-z_]\w*)\)")


@dataclass(frozen=True, slots=True)
class End:
    """What stands behind a label: the steps that do something or decide over those, those that print for the user, the
    text that is returned, and the variable whose value that is ("" for a constant); `asking` are the nodes for which it matters
    what the variable says."""

    label: str
    start: int
    steps: frozenset[int]
    prints: frozenset[int]
    nodes: frozenset[int]
    returned: str
    variable: str
    asking: frozenset[int]


def ends_below(graph: Graph, number: int, signs: int, now: Collection[int] = ()) -> Iterator[End]:
    """The labels below a step that may go there with a value of these signs: what is returned there is one variable that is not
    set behind the label, or a constant; what is done behind the step `now` is done as well."""
    line = graph.nodes[number].line
    for label, start in graph.labels:
        first = graph.nodes[start].line
        if first <= line or any(graph.nodes[n].line <= line for n in _doing_behind(graph, start)):
            continue
        for returned, variable, nodes in _ways_out(graph, start, signs):
            if not _leads_over_a_scope(graph, nodes, line, first) and _is_kept(
                graph, nodes.difference(now), variable, line
            ):
                yield _end(graph, (label, start, returned, variable), nodes, signs)


def every_end_below(graph: Graph, number: int) -> Iterator[End]:
    """The labels below a step, whatever is returned there."""
    line = graph.nodes[number].line
    for label, start in graph.labels:
        if graph.nodes[start].line > line:
            yield _end(graph, (label, start, "", ""), _behind(graph, start, "", ANY), ANY)


def _doing_behind(graph: Graph, start: int) -> Iterator[int]:
    yield from (n for n in _behind(graph, start, "", ANY) if graph.nodes[n].kind != "exit")


def _ways_out(graph: Graph, start: int, signs: int) -> Iterator[tuple[str, str, frozenset[int]]]:
    """What is returned behind a label, by each variable of which that may be the value, and the nodes that it comes over."""
    every = _returned(graph, _behind(graph, start, "", ANY))
    for variable in dict.fromkeys(_handed(graph, text) for text in sorted(every or {""})):
        nodes = _behind(graph, start, variable, signs)
        found = _returned(graph, nodes) or {""}
        alone = len(found) == 1 and {_handed(graph, text) for text in found} == {variable}
        if alone and (found == {variable} or not variable or not signs & ZERO):
            yield found.pop(), variable, nodes


def _returned(graph: Graph, nodes: frozenset[int]) -> set[str]:
    """What is returned at some steps: a fault code as what makes it of an error number, `ret = vmf_error(err); return ret;`."""
    found = {graph.nodes[n].returned for n in nodes if graph.nodes[n].kind == "return"}
    made = {a.left: a.right for n in nodes for a in graph.nodes[n].assignments if fault_of(graph, a.right)}
    return {made.get(text, text) for text in found}


def _handed(graph: Graph, returned: str) -> str:
    """The variable that says what is returned; "" for none."""
    return variable_of(returned) or fault_of(graph, returned)


def fault_of(graph: Graph, text: str) -> str:
    """The variable of whose error number a text makes the fault code that the function returns; "" for none."""
    found = _FAULT_OF.fullmatch(text) if "fault" in graph.returns else None
    known = found and any(a.left == found[1] and not a.declares for a in graph.assignments())
    return found[1] if found and known and found[1] not in {one.name for one in graph.parameters} else ""


def variable_of(returned: str) -> str:
    """The variable whose value is returned; "" for a constant or something else."""
    found = _OF_VARIABLE.fullmatch(returned)
    return (found[1] or found[2]) if found else ""


def _end(graph: Graph, way: tuple[str, int, str, str], nodes: frozenset[int], signs: int) -> End:
    label, start, returned, variable = way
    # What ends with a scope ends on every way out of that, whichever is taken.
    doing = {n for n in nodes if does(graph.nodes[n]) and not _SCOPED.match(graph.nodes[n].text)}
    turns = {n for n in nodes if not _is_asked(graph.nodes[n], variable) and _decides(graph, n, doing)}
    steps = frozenset(doing | turns)
    prints = frozenset(n for n in nodes if any(map(prints_for_user, graph.nodes[n].calls)))
    # A test does not ask that goes one way for all that may be handed there, or over which no more hangs than what is returned.
    every = {n for n in _behind(graph, start, "", ANY) if does(graph.nodes[n])}
    sure = {n for n in nodes if signs != NEGATIVE and side_of(graph.nodes[n], variable, signs)}
    tests = (n for n in nodes - sure if _is_asked(graph.nodes[n], variable))
    asked = steps | {n for n in tests if _decides(graph, n, every)}
    asking = frozenset(n for n in asked if variable in _WORD.findall(graph.nodes[n].text))
    return End(label, start, steps, prints, nodes, returned, variable, asking)


def _decides(graph: Graph, number: int, doing: Collection[int]) -> bool:
    """Whether it hangs on a test which of some steps are come to."""
    sides = {
        frozenset({after} | graph.behind((after,))) & frozenset(doing) for after, _ in graph.nodes[number].successors
    }
    return len(sides) > 1


def _behind(graph: Graph, start: int, variable: str, signs: int) -> frozenset[int]:
    """The nodes from a label on that are come to with a value of these signs in a variable."""
    seen, todo = {start}, [start]
    while todo:
        node = graph.nodes[todo.pop()]
        side = side_of(node, variable, signs)
        for after, label in node.successors:
            if (not side or label == side) and after not in seen:
                seen.add(after)
                todo.append(after)
    return frozenset(seen)


def failing_side(node: Node, variable: str) -> str:
    """The side of a test behind which a variable tells of a failure; "" for none."""
    return side_of(node, variable, NEGATIVE)


def side_of(node: Node, variable: str, signs: int) -> str:
    """The side that a test of a variable goes to for all values of these signs; "" for none."""
    if node.kind != "condition" or not variable:
        return ""
    for text, true in _ASKED.items():
        if node.text == text.format(variable):
            return "false" if not signs & true else "" if signs & ~true else "true"
    return ""


def _is_asked(node: Node, variable: str) -> bool:
    return failing_side(node, variable) != ""


def _leads_over_a_scope(graph: Graph, nodes: frozenset[int], line: int, first: int) -> bool:
    scoped = {name for n in nodes for name in _SCOPED.findall(graph.nodes[n].text)}
    return any(a.declares and a.left in scoped and line < a.line < first for a in graph.assignments())


def _is_kept(graph: Graph, nodes: frozenset[int], variable: str, line: int) -> bool:
    """Whether the variable that is returned is the function's to set before a line, and not set behind the label."""
    if not variable:
        return True
    if any(one.left == variable for n in nodes for one in graph.nodes[n].assignments):
        return False
    own = re.fullmatch(r"[a-z_]\w*", variable) and any(one.left == variable for one in graph.assignments())
    return bool(own) or any(node.line == line and node.returned == variable for node in graph.nodes)


def does(node: Node) -> bool:
    """Whether a node does more than to tell of something, to jump or to return."""
    if node.kind in ("return", "exit", "entry"):
        return False
    calls = (call for call in node.calls if not is_quiet(call) and not prints_for_user(call))
    return any(True for _ in calls) or any(not one.declares for one in node.assignments)


def always_over(graph: Graph, end: End, over: Collection[int]) -> bool:
    """Whether every way behind a label comes over one of these nodes."""
    seen, todo = {end.start}, [end.start]
    while todo:
        number = todo.pop()
        if number in over:
            continue
        if graph.nodes[number].kind in ("return", "exit"):
            return False
        for after, _ in graph.nodes[number].successors:
            if after in end.nodes and after not in seen:
                seen.add(after)
                todo.append(after)
    return True


@cache
def _words(*lists: str) -> frozenset[str]:
    return frozenset(word for name in lists for word in data_tables("kinds/ends.toml")[name])


def _parts(call: Call) -> list[str]:
    """The words of a call's name; who wakes up somebody gives back no semaphore."""
    return call.callee.lower().replace("wake_up", "wake").strip("_").split("_")


def is_quiet(call: Call) -> bool:
    """Whether a call tells the developer how it goes, and does nothing."""
    return call_vocabulary().quiet.search(call.callee) is not None


def prints_for_user(call: Call) -> bool:
    """Whether a call has a text among what it is given: it tells the user what has happened."""
    return not is_quiet(call) and any('"' in text for text in call.arguments)


def changes(call: Call) -> bool:
    """Whether a call may take or give back what it is given."""
    return not _words("giving", "taking").isdisjoint(_parts(call))


def gives_by_name(call: Call) -> bool:
    """Whether the name of a call says that it gives back or unmakes."""
    return not _words("giving").isdisjoint(_parts(call))


def drops(call: Call) -> bool:
    """Whether the name of a call says that it drops a reference, or frees: what it is given may be gone behind it."""
    return not _words("dropping").isdisjoint(_parts(call))


def takes_or_makes(call: Call) -> bool:
    """Whether the name of a call says that it takes or makes."""
    return not _words("taking").isdisjoint(_parts(call))


def takes_nothing(call: Call) -> bool:
    """Whether a call that gives something back does nothing where it is given NULL."""
    return call.callee in _words("null_safe") and len(call.arguments) == 1


def nouns_of(call: Call) -> frozenset[str]:
    """The words in the name of a call that say of what it takes or gives back: exfat and bitmap of exfat_free_bitmap()."""
    return frozenset(_parts(call)) - _words("giving", "taking")


def only_gives_back(node: Node) -> bool:
    """Whether the names of all calls of a node say that they give back, and what it sets is emptied: or it is but a test."""
    calls = (call for call in node.calls if not is_quiet(call))
    given = all(map(gives_by_name, calls))
    emptied = all(one.right in ("NULL", "0", "false") for one in node.assignments)
    return node.kind == "condition" or (given and emptied)
