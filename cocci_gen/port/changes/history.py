"""Two revisions of one repository, and what changed between them -> the commits that did it, where a history tells.

Two trees are enough for a port; without a history that leads from the one to the other, no commit is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cocci_gen import programs
from cocci_gen.errors import UsageProblem
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.changes.evolutions import (
    DeclarationsMoved,
    Evolution,
    FunctionChanged,
    FunctionGone,
    HeaderGone,
    MacroChanged,
    MacroGone,
    MacroTakesString,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    StructGone,
    StructRenamed,
)

_TIMEOUT = 120.0


def commits_of(tree: KernelTree, before: str, after: str, evolutions: Iterable[Evolution]) -> Mapping[str, str]:
    """A repository, two of its commits and what changed -> `hash ("subject")` of the last commit that touched the declaration, by
    the id of the evolution."""
    if not _done(tree, "merge-base", "--is-ancestor", before, after):
        return {}
    found = {}
    for one in evolutions:
        place = _declared(one)
        said = _commit(tree, before, after, *place) if place else ""
        if said:
            found[one.id] = said
    return found


def direction(tree: KernelTree, before: str, after: str) -> tuple[str, ...]:
    """A repository and two of its commits -> what a person has to know of how they lie to each other; UsageProblem where the
    second one is older than the first."""
    if before == after or _done(tree, "merge-base", "--is-ancestor", before, after):
        return ()
    if _done(tree, "merge-base", "--is-ancestor", after, before):
        raise UsageProblem(f"{after[:12]} is an ancestor of {before[:12]}: exchange --from and --to")
    return (f"no history leads from {before[:12]} to {after[:12]}: both trees are compared, and no commits are named",)


def _declared(evolution: Evolution) -> tuple[str, str] | None:
    """The header and the word to look for in what its commits changed."""
    match evolution:
        case MethodChanged(old=old) | MethodRenamed(old=old) | MethodGone(old=old):
            return old.path, old.name
        case FunctionChanged(old=function) | FunctionGone(old=function):
            return function.path, function.name
        case MemberGone(old=member) | MemberRetyped(old=member):
            return member.path, member.name
        case MacroGone(old=macro) | MacroChanged(old=macro) | MacroTakesString(old=macro):
            return macro.path, macro.name
        case DeclarationsMoved(new=path, names=names):
            return path, names[0]
        case HeaderGone(path=path):
            return path, ""
        case StructRenamed(old=tag, path=path) | StructGone(old=tag, path=path):
            return path, tag
    return None


def _commit(tree: KernelTree, before: str, after: str, path: str, word: str) -> str:
    wanted = [f"-G(^|[^_[:alnum:]]){re.escape(word)}([^_[:alnum:]]|$)"] if word else []
    words = ["log", "-1", "--no-show-signature", "--no-merges", "--abbrev=12", '--format=%h ("%s")', *wanted]
    ended = tree.run_git(*words, f"{before}..{after}", "--", path, timeout=_TIMEOUT)
    if not isinstance(ended, programs.Completed) or ended.returncode:
        return ""
    return " ".join(ended.stdout.decode("utf-8", "replace").split())


def _done(tree: KernelTree, *args: str) -> bool:
    ended = tree.run_git(*args, timeout=_TIMEOUT)
    return isinstance(ended, programs.Completed) and ended.returncode == 0
