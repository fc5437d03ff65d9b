"""Ported code laid over the new kernel -> Leftovers: where it breaks a rule that the new locking.rst has and the old one had not.

The heads follow, and the compiler is content, while a lock that the caller holds by now is still taken, one that it does not
hold any more is still relied upon, or a page that the method has to unlock by now stays locked.  Both documents are read as
obligations, and those that are new are asked of the ported functions, by the rules that scan a kernel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.document.obligations import ABOUT_CALLERS, WITHOUT_TEMPLATE, Obligation
from cocci_gen.errors import CocciGenError
from cocci_gen.facts.tree.focus import focus_on
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Confidence, Finding, Fix
from cocci_gen.kernel.layers import LayeredTree
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.changes.evolutions import Evolution, MethodRenamed
from cocci_gen.port.knowledge import Progress
from cocci_gen.port.output.report import Port
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.instances import read_code
from cocci_gen.scan.pipeline import Examination, ScanOptions, open_index, read_rules

#: Where a module stands that is laid over a kernel.
_FOLDER = "ported"
#: Structure and method.
Method = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Room:
    """What a check needs: a spatch, the folder of the caches, how many processes at a time."""

    runner: SpatchRunner
    cache: Path
    jobs: int


def new_obligations(
    old: Iterable[Obligation], new: Iterable[Obligation], evolutions: Iterable[Evolution]
) -> tuple[Obligation, ...]:
    """What both documents ask for, and what was renamed -> what the new one asks for in addition of those who implement."""
    names = {
        (one.old.struct, one.old.name): one.new.name for one in evolutions if isinstance(one, MethodRenamed)
    }  # fmt: skip
    asked = {_asked(one, names.get((one.struct, one.method), one.method)) for one in old}
    return tuple(
        one
        for one in new
        if _asked(one, one.method) not in asked and one.kind not in WITHOUT_TEMPLATE and one.kind not in ABOUT_CALLERS
    )


def _asked(one: Obligation, method: str) -> tuple[object, ...]:
    """What an obligation asks for, wherever and in whatever words."""
    return one.struct, method, one.kind, one.resource, one.mode, one.condition, one.names


def new_breaches(
    old: KernelTree,
    new: KernelTree,
    texts: Mapping[str, bytes],
    evolutions: Iterable[Evolution],
    room: Room,
    progress: Progress,
    *,
    in_tree: bool,
) -> list[Leftover]:
    """Both kernels, ported code (its paths those of the kernel or of a module), what changed and what a check needs -> each place
    that breaks a new rule; nothing where a kernel has no locking.rst, or no method of the code has a new rule."""
    folder = "" if in_tree else _FOLDER
    laid = {f"{folder}/{path}" if folder else path: text for path, text in texts.items()}
    try:
        before, after = read_rules(old), read_rules(new)
    except CocciGenError:
        return []
    chosen = new_obligations(before, after, evolutions)
    there = _methods_in(texts, {(one.struct, one.method) for one in chosen})
    chosen = tuple(one for one in chosen if (one.struct, one.method) in there)
    if not chosen:
        return []
    tree = LayeredTree(new, laid, folder=folder)
    rules = tuple(sorted({one.id for one in chosen}))
    options = ScanOptions(rules=rules, jobs=room.jobs, focus=focus_on(frozenset(laid)))
    with closing(open_index(tree, room.cache, after, options, progress)) as index:
        scan = Examination(tree, index, room.runner, options).scan(chosen, progress)
    return list(_told([one.finding for one in scan.findings if isinstance(one.verdict, Accepted)], folder))


def with_breaches(
    port: Port, trees: tuple[KernelTree, KernelTree], room: Room, progress: Progress, *, in_tree: bool
) -> Port:
    """A port and both kernels -> the port, with what breaks a new rule among what is left."""
    evolutions = [one.evolution for one in port.used]
    found = new_breaches(*trees, port.ported.live, evolutions, room, progress, in_tree=in_tree)
    left = sorted({*port.leftovers, *found}, key=lambda one: (one.path, one.line, one.evolution, one.reason))
    return replace(port, leftovers=tuple(left))


def _methods_in(texts: Mapping[str, bytes], wanted: Collection[Method]) -> frozenset[Method]:
    """Those of some methods that the tables of some code name."""
    code = read_code(texts.items(), frozenset(method for _, method in wanted))
    return frozenset((one.struct, one.method) for one in code.instances(wanted))


def _told(findings: Iterable[Finding], folder: str) -> Iterator[Leftover]:
    """Findings as places that are left; one of low confidence may be none."""
    for one in findings:
        if one.confidence is not Confidence.LOW:
            rule = one.obligation
            mended = ", for which `cocci-gen scan` has a fix" if isinstance(one.fix, Fix) else ""
            reason = f"{one.message}; the rule is new{mended}: {rule.source.quote.strip()!r}"
            path = one.file.removeprefix(f"{folder}/") if folder else one.file
            yield Leftover(path, one.line, f"{rule.struct}.{rule.method}: {rule.column}", reason, (), one.function)
