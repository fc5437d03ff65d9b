"""Obligation x KernelIndex -> Duty, one function that one obligation binds.

What cannot be examined is Unexamined, with the reason, never left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.texts.source import maker_of
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.successors import PER_FOLIO, lost_row
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.definitions import Definition, Implementation, TableEntry
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Registration
from cocci_gen.kernel.tree import KernelTree


@dataclass(frozen=True, slots=True)
class Duty:
    """One function and the obligation that binds it; `chain` tells how the obligation came here.

    A family of kinds adds what it knows about the function in a dataclass of its own; `tests` is the option by which a user asks
    for the tests that its file holds, "" where it holds none.
    """

    obligation: Obligation
    definition: Definition
    graph: Graph
    registrations: tuple[Registration, ...]
    chain: tuple[Step, ...]
    tests: str = field(default="", compare=False, kw_only=True)

    @property
    def about(self) -> str:
        """What tells it from other duties of the function that ask the same of spatch: the thing it is about; "" for none."""
        return ""

    def tested_by(self, option: str) -> Self:
        """The same duty of a function whose file holds tests that an option asks for."""
        return replace(self, tests=option)


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """What the rules may ask about the tree."""

    tree: KernelTree
    index: KernelIndex
    effects: Effects


@dataclass(frozen=True, slots=True)
class Unexamined:
    """A function (or table entry) that an obligation binds and that was not examined, and why."""

    obligation: str
    path: str
    function: str
    line: int
    reason: str


_NO_FUNCTION = "tree-sitter sees no function there"
#: A duty of some family.
D = TypeVar("D", bound=Duty)

# What every family asks of an obligation: who implements the method, and what the function says.


def implementations_of(
    obligation: Obligation, index: KernelIndex
) -> tuple[tuple[Implementation, ...], tuple[Unexamined, ...]]:
    """The functions that implement the method of an obligation, and the table entries that lead to none."""
    if (
        obligation.mode == PER_FOLIO
    ):  # those who are handed the folios are bound, not the method that has them handed out
        return (), ()
    found, lost = index.implementations(obligation.struct, obligation.method)
    entries = (one.entry for one in lost)
    missing = (Unexamined(obligation.id, e.path, e.function, e.line, _why_lost(e, index)) for e in entries)
    return found, tuple(missing)


def _why_lost(entry: TableEntry, index: KernelIndex) -> str:
    """Why a table entry leads to no function."""
    maker = maker_of(index.text(entry.path), entry.function)
    if maker:
        return f"{maker} makes it, and what that stands for is not read"
    return "no definition of the function in this tree"


def outlived(obligation: Obligation, more: str = "") -> tuple[Unexamined, ...]:
    """One line where the duty has lost its row; `more` says what else is to be known of it."""
    method = lost_row(obligation)
    if not method:
        return ()
    reason = "; ".join(part for part in (obligation.condition, more) if part)
    return (Unexamined(obligation.id, obligation.source.path, f"->{method}", obligation.source.line, reason),)


def unexamined(obligation: Obligation, definition: Definition, reason: str) -> Unexamined:
    """A function that the obligation binds and that is not examined."""
    return Unexamined(obligation.id, definition.path, definition.name, definition.span.line, reason)


def unread(definition: Definition, index: KernelIndex) -> str:
    """Why a function that nothing is said against was not read all through; "" where it was."""
    if definition.span.whole:
        return ""
    graph = index.graph(definition)
    if graph is None:
        return _NO_FUNCTION
    return "" if graph.whole else "a part of the function did not parse"


def bound_graph(obligation: Obligation, definition: Definition, index: KernelIndex) -> Graph | Unexamined:
    """The control flow of a function that the obligation binds."""
    graph = index.graph(definition)
    return unexamined(obligation, definition, _NO_FUNCTION) if graph is None else graph


def registrations(entries: Iterable[TableEntry]) -> tuple[Registration, ...]:
    """Table entries as evidence."""
    return tuple(Registration(e.struct or "(assigned)", e.variable, e.path, e.line) for e in entries)


def parted(found: Iterable[D | Unexamined]) -> tuple[tuple[D, ...], tuple[Unexamined, ...]]:
    """Duties, and what could not be examined."""
    duties: list[D] = []
    missing: list[Unexamined] = []
    for one in found:
        if isinstance(one, Unexamined):
            missing.append(one)
        else:
            duties.append(one)
    return tuple(duties), tuple(missing)
