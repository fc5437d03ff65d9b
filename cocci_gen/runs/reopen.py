"""run.json -> the tree that was scanned, at the commits that it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cocci_gen.document.tables import LOCKING_RST
from cocci_gen.kernel.layers import LayeredTree
from cocci_gen.kernel.modules import ModuleTree, module_at, open_module
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.folder import RunHeader
from cocci_gen.runs.laid import committed, laid, read_layers


def reopened(folder: Path, header: RunHeader, kernel: Path | None = None) -> KernelTree:
    """The run in a folder -> the kernel (at `kernel` if it has moved) with what was laid over it, as it was checked.

    KernelTreeError where it is gone.
    """
    layers = read_layers(folder) if header.change else ()
    return _reopened(header, kernel, lambda repository: laid(repository, layers))


def reopened_in_commits(folder: Path, header: RunHeader, kernel: Path | None = None) -> KernelTree:
    """The same, with what a check laid over the revision in commits, on which a series can stand; no checkout changes."""
    layers = read_layers(folder) if header.change else ()

    def state(repository: KernelTree) -> KernelTree:
        return KernelTree.open(repository.root, committed(repository, layers)) if layers else repository

    return _reopened(header, kernel, state)


def _reopened(header: RunHeader, kernel: Path | None, state: Callable[[KernelTree], KernelTree]) -> KernelTree:
    if not header.module:
        return _ruled(state(KernelTree.open(kernel or Path(header.tree), header.commit)), header)
    where = str(header.module["kernel"])
    tree = _ruled(KernelTree.open(kernel or Path(where), str(header.module["kernel_commit"])), header)
    subdir = str(header.module["subdir"])
    if not header.commit:
        return ModuleTree(tree, open_module(f"{header.tree}:{subdir}" if subdir else header.tree))
    return ModuleTree(tree, module_at(state(KernelTree.open(Path(header.tree), header.commit)), subdir))


def _ruled(tree: KernelTree, header: RunHeader) -> KernelTree:
    """The tree with the document that the run took in place of its own, if it is still there."""
    document = header.options.get("document")
    if isinstance(document, str) and document and Path(document).is_file():
        return LayeredTree(tree, {LOCKING_RST: Path(document).read_bytes()})
    return tree
