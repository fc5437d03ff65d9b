"""A module laid over a kernel x what the user asked -> what is asked of the tree: its own functions, its paths, its rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cocci_gen.document.obligations import WITHOUT_TEMPLATE, Obligation
from cocci_gen.document.tables import LOCKING_RST
from cocci_gen.facts.branches.configuration import configured
from cocci_gen.facts.tree.focus import focus_on
from cocci_gen.kernel.module_makefiles import BuiltFiles
from cocci_gen.kernel.modules import Module, ModuleTree
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.scan.asked import NothingToScan, chosen_obligations, is_below, nearest_paths, plain_paths
from cocci_gen.scan.pipeline import ScanOptions, read_rules


def laid_over(kernel: KernelTree, module: Module) -> ModuleTree:
    """The module laid over a kernel, its conditionals decided as far as its build and the kernel tell; KernelTreeError where
    nothing of it is C."""
    return ModuleTree(kernel, module, _read_for)


def _read_for(
    kernel: KernelTree, files: Mapping[str, bytes], module: Module, built: BuiltFiles
) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    """The texts of a module as this kernel's build would see them, and what was decided for that."""
    others = (text for path, text in module.files.items() if path not in files and path.endswith((".c", ".h")))
    found = configured(kernel, files, built, module.settable, others)
    several = "s" if len(found.learned) > 1 else ""
    said = (
        [f"{len(found.learned)} macro{several} that its build would set, told from the kernel"] if found.learned else []
    )
    return found.texts, tuple(said)


def for_module(chosen: Sequence[Obligation], rules: Sequence[str]) -> tuple[Obligation, ...]:
    """The obligations without those about the kernel's own document, unless one of the globs names them."""
    if any(rule.endswith(kind) for rule in rules for kind in WITHOUT_TEMPLATE):
        return tuple(chosen)
    return tuple(one for one in chosen if one.kind not in WITHOUT_TEMPLATE)


def check_asked(kernel: KernelTree, module: Module, rules: Sequence[str], paths: Sequence[str]) -> None:
    """NothingToScan for a rule that the kernel does not have and for a path that the module does not have: it is told before
    the seconds that laying the module over the kernel takes."""
    if rules:
        chosen_obligations(read_rules(kernel), rules)
    check_module_paths(module, plain_paths(module.root, paths))


def check_module_paths(module: Module, paths: Sequence[str]) -> None:
    """NothingToScan for a path that a module does not have."""
    for path in paths:
        if not any(is_below(source, (path,)) for source in module.files):
            offer = nearest_paths(module.files, path)
            raise NothingToScan(f"--path {path!r}: the module {module.root} has no such file or folder{offer}")


def module_options(tree: ModuleTree, options: ScanOptions) -> ScanOptions:
    """Options in terms of the module -> the same in terms of the tree; NothingToScan for a path with nothing to examine."""
    check_module_paths(tree.module, options.paths)
    for path in options.paths:
        if not any(is_below(source, (path,)) for source in (*tree.built.sources, *tree.built.headers)):
            raise NothingToScan(
                f"--path {path!r}: nothing there is built: {tree.built.notes[0]}; see `obligations --module`"
            )
    paths = tuple(tree.inside(path.rstrip("/")) for path in options.paths) or (tree.folder,)
    if any(rule.endswith(kind) for rule in options.rules for kind in WITHOUT_TEMPLATE):
        paths = (*paths, LOCKING_RST)
    return replace(options, paths=paths, focus=focus_on(tree.laid))


def module_json(tree: ModuleTree) -> dict[str, object]:
    """What a module was laid over, and what of it counts, as plain values."""
    module, built = tree.module, tree.built
    return {
        "name": module.name,
        "subdir": module.subdir,
        "kernel": str(tree.root),
        "kernel_revision": tree.revision,
        "kernel_commit": tree.commit,
        "sources": len(built.sources),
        "headers": len(built.headers),
        "macros": dict(sorted(built.macros.items())),
        "by_makefile": built.by_makefile,
        "left_out": list(built.left_out),
        "notes": [*built.notes, *tree.notes],
    }
