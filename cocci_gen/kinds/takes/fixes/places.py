"""A return that keeps what the function has taken -> the steps before which it is to be given back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.explorations import Stop
from cocci_gen.code.searches.search import explore
from cocci_gen.kinds.ends import GOTO, does, only_gives_back
from cocci_gen.kinds.opened import opened_by
from cocci_gen.kinds.takes.fixes.protected import guarded_behind, is_guarded
from cocci_gen.kinds.takes.fixes.releases import release_of, releases_in
from cocci_gen.kinds.takes.holdings.holding import NOT_TAKEN, TAKES
from cocci_gen.kinds.takes.holdings.kept import OWN_NAME, Kept, taken_at
from cocci_gen.kinds.takes.holdings.locked import StateHolding

_FREES = re.compile(r"^k[vz]?free(?:_sensitive)?$")
_UNLOCK = re.compile(r"unlock|(?:^|_)up_")
#: Returns whose value no call before them changes.
_RETURN = re.compile(
    r"return(?: (?:-?[A-Z]\w+(?: \| [A-Z]\w+)*|-?\d+|[a-z_]\w*(?: [-+] [a-z_]\w*)*|(?:ERR_PTR|PTR_ERR|ERR_CAST) ?\([\w\s-]+\)))?;"
)
#: What makes a fault code of an error number: `return vmf_error(err);`.
_FAULT = re.compile(r"return [a-z]\w* ?\(([a-z_]\w*)\);")
#: An error pointer that is made of something else, or NULL.
_NOTHING = re.compile(r"NULL|ERR_PTR ?\((?:-E[A-Z0-9]+|[a-z_]\w*)\)")
#: Ways to one step that are looked at; behind a return there is nothing to look at.
_WAYS = 64


def places_of(kept: Kept) -> tuple[int, ...]:
    """The steps before which the call is to stand: with it, no way keeps the thing to the return, and none gives it back twice;
    () where there are no such steps.  Behind what the lock guards it may stand where otherwise it would be ahead of that."""
    graph = kept.graph
    taken = graph.behind(number for number, _ in kept.holding.takers)
    leading = graph.before((kept.arrival.node,)) | {kept.arrival.node}
    sound = [number for number in sorted(taken & leading) if _only_keeps(kept, number)]
    emptied = _emptied(kept, sound)
    if emptied and not all(_says_unlock(graph, number) or _does_no_more(kept, number) for number in emptied):
        return ()  # what is done behind a bare label may need the lock, or must not have it: who wrote it knows
    if chosen := emptied or _one_jump(kept, sound) or _ahead_of_older(kept, sound):
        return chosen
    exits = [number for number in sound if not _is_past_guarded(kept, number)]
    found = _last_of(kept, exits)
    if len(exits) < len(sound) and (not found or any(guarded_behind(kept, number) for number in found)):
        return _last_of(kept, sound) or found
    return found


def _one_jump(kept: Kept, sound: Sequence[int]) -> tuple[int, ...]:
    """The one jump, or the upper one of two labels, by which all comes that keeps the thing, where others come to the same return
    with nothing in hand: a release of NULL is none that anybody writes for them."""
    with_null = {stop.node for stop in kept.seen.before if _may_be_null(kept, stop)}
    empty = with_null & set(sound)
    found = _last_of(kept, [number for number in sound if number not in empty]) if empty else ()
    if len(found) != 1:
        return ()
    after = {number for number, _ in kept.graph.nodes[found[0]].successors}
    above = is_label(kept.graph, found[0]) and after <= with_null and all(is_label(kept.graph, one) for one in after)
    return found if above or GOTO.fullmatch(kept.graph.nodes[found[0]].text) else ()


def _emptied(kept: Kept, sound: Sequence[int]) -> tuple[int, ...]:
    """The label that all ways with a lock in hand come to, and that is left with nothing to do of its own, or not with what its
    name says: what it had is gone.  Behind it nobody needs the lock, so nobody is to be kept waiting there."""
    graph = kept.graph
    labels = [number for number in sound if is_label(graph, number)]
    if not kept.holding.thing.is_lock or not labels:
        return ()
    found = _last_of(kept, labels)
    bare = all(_says_unlock(graph, n) or _leads_to_a_test(graph, n) for n in found)
    return found if bare and not any(guarded_behind(kept, number) for number in found) else ()


def _ahead_of_older(kept: Kept, sound: Sequence[int]) -> tuple[int, ...]:
    """The step by which all come that keep a lock, and that ends what was begun before that: what came later goes first."""
    ends = [number for number in sound if _ends_older(kept, number)]
    found = _last_of(kept, ends) if ends else ()
    return found if len(found) == 1 and not guarded_behind(kept, found[0]) else ()


def _ends_older(kept: Kept, number: int) -> bool:
    """Whether a step does no more than to end what the function had begun before it took the lock."""
    node = kept.graph.nodes[number]
    ends = node.kind == "statement" and kept.holding.thing.is_lock and only_gives_back(node)
    ends = ends and bool(node.calls) and not any(_FREES.search(call.callee) for call in node.calls)
    return ends and _was_there(kept, node)


def _leads_to_a_test(graph: Graph, number: int) -> bool:
    return all(graph.nodes[after].kind == "condition" for after, _ in graph.nodes[number].successors)


def _does_no_more(kept: Kept, number: int) -> bool:
    """Whether nothing is done behind a label but to tell of it, to give things back that were there before the lock was taken
    (what came later goes first), and to call what others call once they have given the lock back."""
    graph = kept.graph
    behind = [graph.nodes[one] for one in graph.behind((number,))]
    steps = [node for node in behind if node.kind == "statement" and does(node)]
    return all((only_gives_back(node) and _was_there(kept, node)) or _is_afterwards(kept, node) for node in steps)


def _is_afterwards(kept: Kept, node: Node) -> bool:
    """Whether a step makes only calls that others make once they have given the lock back."""
    holding = kept.holding
    return isinstance(holding, StateHolding) and bool(node.calls) and all(map(holding.afterwards, node.calls))


def _was_there(kept: Kept, node: Node) -> bool:
    """Whether what a step gives back had come before the lock was taken, or is memory, which no lock guards once it is freed."""
    if all(_FREES.search(call.callee) for call in node.calls):
        return True
    came, locked = opened_by(kept.graph, node).takers, {number for number, _ in kept.holding.takers}
    return bool(came) and locked <= kept.graph.behind(came) and came.isdisjoint(kept.graph.behind(locked))


def _says_unlock(graph: Graph, number: int) -> bool:
    """Whether the name of a label says that something is unlocked there, and what stands right behind it unlocks nothing, and
    reads nothing that may be guarded."""
    after = [graph.nodes[one] for one, _ in graph.nodes[number].successors]
    unlocks = any(node.assignments or any(_UNLOCK.search(call.callee) for call in node.calls) for node in after)
    return _UNLOCK.search(graph.nodes[number].text) is not None and not unlocks


def _last_of(kept: Kept, sound: Sequence[int]) -> tuple[int, ...]:
    """Those of some steps from which a way leads to the return past all others, the first of them on each way, where they mend
    the return."""
    graph, end = kept.graph, kept.arrival.node
    last = [end] if end in sound else [n for n in sound if end in graph.behind((n,), {*sound} - {n})]
    first = tuple(n for n in last if not any(n in graph.behind((m,)) and m not in graph.behind((n,)) for m in last))
    return first if first and _mends(kept, first) else ()


def _only_keeps(kept: Kept, number: int) -> bool:
    """Whether a step may have the call before it: every way comes to it with the thing in hand and under its name, and goes on to
    a return that must not have it, without another look at it."""
    graph, node = kept.graph, kept.graph.nodes[number]
    stops = [stop for stop in kept.seen.before if stop.node == number and not _may_be_null(kept, stop)]
    others = _given_back_too(kept)
    renames = _gives_up(kept, node)
    may_stand = number in others or renames or stands(graph, node) or _is_place_between(kept, number)
    if not may_stand or not stops or (len(stops) > _WAYS and node.kind != "return"):
        return False
    if any(stop.state not in TAKES.open or _changed(kept, stop, others) for stop in stops):
        return False
    behind = list(kept.holding.onward(stops))
    looks = {stop.node for found in behind for stop in found.before} - others
    # Behind a step that puts an error under the name this means that.
    looked = any(kept.holding.names & set(OWN_NAME.findall(graph.nodes[one].text)) for one in looks)
    if looked and not renames:
        return False
    return all(kept.owes(one) for found in behind for one in found.arrivals)


def stands(graph: Graph, node: Node) -> bool:
    """Whether a call may stand before a jump or return, and what that returns is the same behind it."""
    if node.kind != "return":
        return GOTO.fullmatch(node.text) is not None
    made = _FAULT.fullmatch(node.text) if "fault" in graph.returns else None
    own = made is not None and made[1] not in {parameter.name for parameter in graph.parameters}
    return own or _RETURN.fullmatch(node.text) is not None


def _gives_up(kept: Kept, node: Node) -> bool:
    """Whether a step does no more than to put an error, or NULL, under the one name of the thing: it is in hand ahead of that."""
    holding = kept.holding
    if node.kind != "statement" or holding.names != {holding.name} or len(node.assignments) != 1:
        return False
    [one] = node.assignments
    return one.left == holding.name and not one.declares and _NOTHING.fullmatch(one.right) is not None


def _is_place_between(kept: Kept, number: int) -> bool:
    """Whether a step that is no exit may have the call before it: one call there does for several jumps, or it is where a call
    is gone from, or where what the lock guards is over."""
    graph = kept.graph
    between = _is_free_label(kept, number) or _is_shared_label(graph, number) or _is_past_guarded(kept, number)
    between = between or _ends_older(kept, number)
    return between and graph.nodes[number].text != ""


def _is_past_guarded(kept: Kept, number: int) -> bool:
    """Whether a statement stands right behind one that the lock guards, and is no such itself."""
    node = kept.graph.nodes[number]
    if node.kind != "statement" or GOTO.fullmatch(node.text) or _is_shared_label(kept.graph, number):
        return False
    ahead = kept.graph.ahead_of(number)
    return len(ahead) == 1 and is_guarded(kept, ahead[0]) and not is_guarded(kept, number)


def _is_free_label(kept: Kept, number: int) -> bool:
    """Whether a step is a label that gives nothing else back right behind it, or that is left without the unlock it is named for:
    what a label is for goes first, and another thing that its one jump has is given back by the jump."""
    graph = kept.graph
    if not is_label(graph, number):
        return False
    after = [graph.nodes[one] for one, _ in graph.nodes[number].successors]
    gives = any(node.kind == "statement" and node.calls and only_gives_back(node) for node in after)
    return not gives or (kept.holding.thing.is_lock and _says_unlock(graph, number))


def is_label(graph: Graph, number: int) -> bool:
    """Whether a step is a label: a call may stand right behind it, whatever comes there."""
    return number in {start for _, start in graph.labels}


def _is_shared_label(graph: Graph, number: int) -> bool:
    """Whether a statement is the first behind a label that several jumps go to: one call there does for all of them."""
    if graph.nodes[number].kind != "statement" or len(ahead := graph.ahead_of(number)) != 1:
        return False
    labels = {label for label, start in graph.labels if start == ahead[0]}
    return sum(node.text == f"goto {label};" for label in labels for node in graph.nodes) > 1


def _may_be_null(kept: Kept, stop: Stop) -> bool:
    """Whether a way to a stop has found NULL under the name, or set it so, and what gives it back takes that for nothing."""
    if stop.state not in NOT_TAKEN or release_of(kept).partition("(")[0] not in kept.holding.thing.null:
        return False
    turns, path = kept.holding.turns, kept.seen.path(stop)
    asked = (one for one in path.decisions if turns.get((one.node, one.label)) == "lost")
    set_here = [
        one.right for n in path.nodes for one in kept.graph.nodes[n].assignments if one.left == kept.holding.name
    ]
    return set_here[-1:] == ["NULL"] or any("IS_ERR" not in kept.graph.nodes[one.node].text for one in asked)


def _given_back_too(kept: Kept) -> frozenset[int]:
    """The statements that give back the reference to a thing of which the function has the lock: that must be gone before."""
    if kept.holding.thing.kept != "locked":
        return frozenset()
    found = (number for other in kept.beside for number, _ in releases_in(other))
    return frozenset(number for number in found if kept.graph.nodes[number].kind == "statement")


def _changed(kept: Kept, stop: Stop, others: frozenset[int]) -> bool:
    """Whether since the taking, on the way to a stop, the name has been given another value, or the reference given back."""
    nodes = kept.seen.path(stop).nodes
    behind = nodes[taken_at(kept, nodes) + 1 : -1]
    renamed = any(one.left == kept.holding.name for n in behind for one in kept.graph.nodes[n].assignments)
    return renamed or not others.isdisjoint(behind)


def _mends(kept: Kept, places: tuple[int, ...]) -> bool:
    """Whether with the call before these steps no way to the return keeps the thing, and none gives it back twice."""
    question, events = kept.holding.question(), dict(kept.holding.events)
    for number in places:
        new = Call("", True, (), kept.graph.nodes[number].line)
        events[number] = (*events.get(number, ()), question.machine.step(number, new, "release"))
    found = explore(replace(question, events=events))
    left = any(one.node == kept.arrival.node and kept.owes(one) for one in found.arrivals)
    return len(found.wrongs) <= len(kept.seen.wrongs) and not left
