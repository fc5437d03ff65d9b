"""The branches of a conditional -> the methods that each gives a head, and whether the kernel calls them so."""

from __future__ import annotations

from collections.abc import Iterable

from cocci_gen.code.texts.directives import Branch
from cocci_gen.facts.branches.evidence import Evidence
from cocci_gen.facts.branches.module_files import ModuleFile

#: The methods that a branch gives a head, or puts into a table, and whether the kernel calls them so.
Fits = dict[str, bool]


def heads_of(one: ModuleFile, live: Iterable[Branch], evidence: Evidence) -> list[tuple[Branch, Fits]]:
    """What each branch gives a head, with all that stands in it."""
    text = one.conditionals
    heads = []
    for branch in live:
        found = Fits()
        within = [inner for group in text.groups for inner in group.branches if branch.last <= inner.first < branch.end]
        for part in (branch, *(inner for inner in within if inner.taken is not False)):
            for name, fitting in _heads(one, part, evidence).items():
                found[name] = found.get(name, False) or fitting
        heads.append((branch, found))
    return heads


def misfits(heads: Iterable[tuple[Branch, Fits]]) -> list[Branch]:
    """The branches that give a method another head than the kernel calls, where another branch gives it the right one."""
    listed = list(heads)
    right = {name for _, found in listed for name, fitting in found.items() if fitting}
    return [branch for branch, found in listed if any(name in right and not fitting for name, fitting in found.items())]


def _heads(one: ModuleFile, branch: Branch, evidence: Evidence) -> Fits:
    """What the lines of one branch give a head."""
    text = one.conditionals
    lines = [number for number, _ in text.directly(branch)]
    macros = [macro for macro in text.definitions if branch.last <= macro.line < branch.end]
    found = evidence.heads_of_methods("\n".join(one.code[number] for number in lines), macros)
    for slot in one.slots:
        misplaced = evidence.misplaced(slot) if slot.line in lines else None
        if misplaced is not None:
            found[f".{slot.function}"] = not misplaced
    return found
