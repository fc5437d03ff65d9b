"""A code that says "locked" of a page where the method has failed -> FixPlan: the page unlocked, and an error in its place.

The caller looks at the lock alone, and goes on.  Which error it is follows from what failed: an allocation is VM_FAULT_OOM, any
other call what vmf_error() makes of its result.  A retry, which such code asks for, would only meet the same error again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cocci_gen.coccinelle.smpl import render
from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.page_words import page_words
from cocci_gen.kinds.returns.candidates import Candidate
from cocci_gen.kinds.suspects import FixPlan

_PLACE = re.compile(r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*")
_CALL = re.compile(r"([A-Za-z_]\w*) ?\(.*\)(?: < 0| != 0)?", re.DOTALL)
_ALLOCATES = re.compile(r"alloc|(?:str|mem)n?dup", re.IGNORECASE)
#: The variable that keeps an error number.
_ERROR = "err"
_PERSON = NoFix("which value is right there is for a person to decide")


@dataclass(frozen=True, slots=True)
class _Place:
    """An assignment of the code: its line, SmPL of the test that leads there, the error in its place, the unlock, and the call
    whose result is kept for vmf_error(), "" for none."""

    line: int
    guard: str
    right: str
    unlock: str
    kept: str = ""


def locked_plan(obligation: Obligation, graph: Graph, candidate: Candidate, helper: str) -> FixPlan | NoFix:
    """The unlock and the error, at every assignment of the code; NoFix where one of them is not plain.  `helper` is what the tree
    makes codes of error numbers with, "" where it has nothing."""
    sources = [
        number
        for number, node in enumerate(graph.nodes)
        if any(a.left == candidate.variable and a.right == candidate.value for a in node.assignments)
    ]
    names = {p.name for p in graph.parameters} | {a.left for a in graph.assignments()}
    written = set(re.findall(r"\w+", " ".join(node.text for node in graph.nodes)))
    helper = "" if _ERROR in written else helper
    places = [_place(graph, number, helper) for number in sources]
    known = [place for place in places if place is not None]
    if not candidate.variable or not known or len(known) != len(places):
        return _PERSON
    rules = list(dict.fromkeys((place.guard, place.right, place.unlock, place.kept) for place in known))
    words = set(re.findall(r"[A-Za-z_]\w*", " ".join(part for rule in rules for part in rule)))
    context = {
        "mode": "locked",
        "obligation": obligation,
        "function": graph.name,
        "symbols": sorted(words & names | {candidate.variable}),
        "variable": candidate.variable,
        "wrong": candidate.value,
        "rules": [{"guard": g, "right": right, "unlock": unlock, "kept": kept} for g, right, unlock, kept in rules],
        "error": _ERROR,
    }
    lines = sorted(place.line for place in known)
    declared = _declared(graph, candidate.variable)
    context["beside"] = declared.text if declared is not None else ""
    lines += [declared.line if declared is not None else graph.nodes[0].line] if any(p.kept for p in known) else []
    return FixPlan(render("returns", obligation.id, context), lines[0], tuple(lines[1:]))


def _declared(graph: Graph, name: str) -> Node | None:
    """The plain declaration of a variable: a new variable of the same sort is declared beside it, where people look for it."""
    plain = re.compile(rf"[A-Za-z_][\w ]* {re.escape(name)};")
    return next((node for node in graph.nodes if node.kind == "statement" and plain.fullmatch(node.text)), None)


def _place(graph: Graph, number: int, helper: str) -> _Place | None:
    """What is to be done at one assignment."""
    before = [(n, label) for n, node in enumerate(graph.nodes) for after, label in node.successors if after == number]
    unlock = _unlock(graph, number)
    if len(before) != 1 or graph.nodes[before[0][0]].kind != "condition" or not unlock:
        return None
    [(test, label)] = before
    text = graph.nodes[test].text
    called = _CALL.fullmatch(text)
    if called and label == "true" and called[1] not in call_vocabulary().marks:
        if helper and text.endswith(")"):
            return _Place(graph.nodes[number].line, _ERROR, f"{helper}({_ERROR})", unlock, " ".join(text.split()))
        guard = re.sub(r"\(.*\)", "(...)", text, count=1, flags=re.DOTALL)
        return _Place(graph.nodes[number].line, _either(guard), "VM_FAULT_SIGBUS", unlock)
    if not _PLACE.fullmatch(text):
        return None
    giver = _giver(graph, test, text)
    if giver and label == "false" and _ALLOCATES.search(giver):
        return _Place(graph.nodes[number].line, _either(f"!{text}"), "VM_FAULT_OOM", unlock)
    if giver and label == "true" and not _ALLOCATES.search(giver):
        return _Place(graph.nodes[number].line, _either(text), "VM_FAULT_SIGBUS", unlock)
    return None


def _either(guard: str) -> str:
    return f"\\({guard}\\|unlikely({guard})\\)"


def _giver(graph: Graph, test: int, name: str) -> str:
    """The function whose result a name has in a test right behind the call."""
    for node in graph.nodes:
        for one in node.assignments:
            if one.left == name and any(after == test for after, _ in node.successors):
                called = re.match(r"([A-Za-z_]\w*) ?\(", one.right)
                return called[1] if called else ""
    return ""


def _unlock(graph: Graph, number: int) -> str:
    """The unlock of the page that is surely locked at a node; "" where none is, or where it is not sure."""
    words = call_vocabulary()
    takes, gives = set[int](), set[int]()
    names = dict[str, None]()
    for at, node in enumerate(graph.nodes):
        for call in node.calls:
            marks = words.marks.get(call.callee, frozenset())
            if "take" in marks and call.arguments and re.fullmatch(r"[\w>.-]+", call.arguments[0]):
                takes.add(at)
                names[f"{page_words().unlock['folio' if 'folio' in call.callee else 'page']}({call.arguments[0]});"] = (
                    None
                )
            if "release" in marks:
                gives.add(at)
    free = {0, *graph.behind((0,), takes), *gives, *graph.behind(gives, takes)}
    return next(iter(names)) if len(names) == 1 and number not in free - takes else ""
