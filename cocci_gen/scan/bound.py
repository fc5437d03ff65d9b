"""ModuleTree x obligations -> which functions of the module each obligation binds, without a scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.tree.definitions import Definition, TableEntry
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kernel.modules import ModuleTree


@dataclass(frozen=True, slots=True)
class BoundMethod:
    """A method of the rules that tables of the module fill in: its functions, entries without a visible one, obligations."""

    struct: str
    method: str
    functions: tuple[Definition, ...]
    lost: tuple[TableEntry, ...]
    obligations: tuple[Obligation, ...]


def bound_methods(index: KernelIndex, obligations: Iterable[Obligation]) -> tuple[BoundMethod, ...]:
    """The methods with rules that an index in focus names functions for, in the order of the document."""
    by_method: dict[tuple[str, str], list[Obligation]] = {}
    for one in obligations:
        by_method.setdefault((one.struct, one.method), []).append(one)
    found = []
    for (struct, method), asked in by_method.items():
        implementations, unresolved = index.implementations(struct, method)
        functions = tuple(one.definition for one in implementations)
        lost = tuple(one.entry for one in unresolved)
        if functions or lost:
            found.append(BoundMethod(struct, method, functions, lost, tuple(asked)))
    return tuple(found)


def bound_text(tree: ModuleTree, methods: Sequence[BoundMethod]) -> str:
    """The methods for people to read."""
    lines = []
    for one in methods:
        kinds = ", ".join(dict.fromkeys(obligation.kind for obligation in one.obligations))
        lines.append(f"{one.struct}.{one.method}: {kinds}")
        lines += [f"  {tree.outside(d.path)}:{d.span.line}: {d.name}()" for d in one.functions]
        lines += [
            f"  {tree.outside(e.path)}:{e.line}: {e.function}: no definition that is seen, not examined"
            for e in one.lost
        ]
    functions = {definition for one in methods for definition in one.functions}
    lost = {(entry.path, entry.line) for one in methods for entry in one.lost}
    lines += [
        "",
        f"{len(methods)} methods with rules, {len(functions)} functions bound, {len(lost)} table entries without one",
    ]
    return "\n".join(lines)


def bound_json(tree: ModuleTree, methods: Sequence[BoundMethod]) -> list[dict[str, object]]:
    """The same as plain values."""
    return [
        {
            "struct": one.struct,
            "method": one.method,
            "obligations": list(dict.fromkeys(obligation.id for obligation in one.obligations)),
            "functions": [
                {"file": tree.outside(d.path), "line": d.span.line, "function": d.name} for d in one.functions
            ],
            "not_seen": [{"file": tree.outside(e.path), "line": e.line, "function": e.function} for e in one.lost],
        }
        for one in methods
    ]
