"""The command line: what a command looks at: a kernel, or a module laid over one kernel or several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from cocci_gen.cli.options import TO_BE_READ
from cocci_gen.cli.session import clean, clean_line
from cocci_gen.cli.uncommitted import BELOW_MODULE, BY_CHECK, note_uncommitted, open_tree

if TYPE_CHECKING:
    from cocci_gen.kernel.tree import KernelTree

_F = TypeVar("_F", bound=Callable[..., object])

kernels_option = click.option(
    "--kernel",
    "kernels",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="A git repository of the kernel (a checkout or a bare one); repeatable with --module.",
)
revs_option = click.option(
    "--rev",
    "revs",
    multiple=True,
    help="Revision of the kernel to read; what is not committed is no part of it; repeatable with --module. [default: HEAD]",
)
module_option = click.option(
    "--module",
    default="",
    metavar="DIR[:SUBDIR]",
    help="A module outside the kernel, a git repository or a plain folder: it is laid over the kernel in memory, and only "
    "its functions are examined. Paths, findings and patches are those of its repository.",
)
module_rev_option = click.option(
    "--module-rev", default="", metavar="REV", help="Revision of the module's repository. [default: HEAD]"
)
document_option = click.option(
    "--document",
    type=TO_BE_READ,
    default=None,
    help="A locking.rst to take in place of the kernel's own.",
)


@dataclass(frozen=True, slots=True)
class Places:
    """What the options above say; `module` is "" where a kernel itself is looked at."""

    kernels: tuple[Path, ...]
    revs: tuple[str, ...]
    module: str = ""
    module_rev: str = ""
    document: Path | None = None

    def check(self) -> None:
        """UsageError where they do not go together."""
        if self.module_rev and not self.module:
            raise click.UsageError("--module-rev says something of a module; name it with --module DIR")
        for option, said in (("--kernel", self.kernels), ("--rev", self.revs)):
            if not self.module and len(set(said)) > 1:
                raise click.UsageError(
                    f"{option} names {len(set(said))} of which only one would be looked at; without --module there is one kernel "
                    f"at one revision (`cocci-gen batch` takes several, `--module DIR` lays a module over each)"
                )

    @property
    def module_folder(self) -> Path:
        """The folder of the module, of DIR:SUBDIR too."""
        return Path(self.module if Path(self.module).is_dir() else self.module.rpartition(":")[0])

    @property
    def base_option(self) -> str:
        """The option that chooses the revision on which a change is looked at."""
        return "--module-rev" if self.module else "--rev"

    @property
    def many(self) -> bool:
        """Whether there is more than one kernel to lay the module over."""
        return len(self.each()) > 1

    def each(self) -> tuple[tuple[Path, str], ...]:
        """Every kernel and revision; without a module the last that was said of each, as with any option."""
        revs = self.revs or ("HEAD",)
        pairs = tuple((kernel, rev) for kernel in self.kernels for rev in revs)
        return pairs if self.module else pairs[-1:]


def place_options(command: _F) -> _F:
    """--kernel, --rev, --module, --module-rev and --document."""
    for option in (document_option, module_rev_option, module_option, revs_option, kernels_option):
        command = option(command)
    return command


@contextmanager
def opened(
    places: Places, kernel: Path, rev: str, way: str = BY_CHECK, *, rules: Sequence[str] = (), paths: Sequence[str] = ()
) -> Iterator[KernelTree]:
    """The kernel at a revision, with the document and the module laid over it where they are given; `way` as for `open_tree`.

    NothingToScan for rules and paths of a module that are not there, before it is laid over the kernel.
    """
    from cocci_gen.document.tables import LOCKING_RST, read_document
    from cocci_gen.kernel.layers import LayeredTree
    from cocci_gen.kernel.modules import open_module
    from cocci_gen.scan.modules import check_asked, laid_over
    from cocci_gen.scan.pipeline import rule_text

    document = places.document.read_bytes() if places.document else b""
    if places.document:  # what is wrong in it is told of this file, not of the kernel's
        read_document(document, str(places.document))
    with open_tree(kernel, rev, BELOW_MODULE if way and places.module else way) as tree:
        ruled = LayeredTree(tree, {LOCKING_RST: document}) if places.document else tree
        if not places.module:
            yield ruled
            return
        rule_text(ruled)  # before a module is read that may be a kernel, where the two were given the wrong way round
        module = open_module(places.module, places.module_rev)
        check_asked(ruled, module, rules, paths)
        laid = laid_over(ruled, module)
        note_uncommitted(laid, way)
        yield laid


def check_settings(tree: KernelTree) -> None:
    """RuleDocumentError where the [module] of a module's own file is wrong, which else only its series would tell."""
    from cocci_gen.kernel.module_settings import read_settings
    from cocci_gen.kernel.modules import ModuleTree

    if isinstance(tree, ModuleTree):
        read_settings(tree.module)


def told_of(tree: KernelTree) -> None:
    """Say of a module what of it is examined."""
    from cocci_gen.kernel.modules import ModuleTree

    if not isinstance(tree, ModuleTree):
        return
    module = tree.module
    state = module.commit[:12] or "a folder without git"
    part = f":{module.subdir}" if module.subdir else ""
    click.echo(clean_line(f"module        {module.root}{part} ({state}) on {tree.under.root.name} {tree.revision}"))
    for note in (*tree.built.notes, *tree.notes):
        click.echo(clean_line(f"              {note}"))


def label_of(tree: KernelTree) -> str:
    """What names a kernel in a table of several: its version and revision."""
    from cocci_gen.runs.making import kernel_version

    version = kernel_version(tree) or tree.root.name
    return version if tree.revision == "HEAD" else f"{version} ({tree.revision})"


def has_repository(tree: KernelTree) -> bool:
    """Whether a series can be made; where it cannot, that is said."""
    from cocci_gen.kernel.modules import ModuleTree, NoRepository

    if not isinstance(tree, ModuleTree) or not isinstance(tree.module.repository, NoRepository):
        return True
    click.echo(
        clean(f"series        none: {tree.module.root} is no git repository; the fixes lie in diffs/ (patch -p1)")
    )
    return False
