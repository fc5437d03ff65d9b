"""The command line: `clean`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from cocci_gen.cli.options import default_cache
from cocci_gen.cli.session import clean as printable
from cocci_gen.cli.session import keeps_files, note


@click.command(short_help="List what earlier runs left behind, or remove it.")
@click.argument("runs", metavar="[RUN]...", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--kernel", type=click.Path(path_type=Path), default=None, help="The repository whose refs/cocci-gen/ to list."
)
@click.option(
    "--keep",
    "kept",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A run whose series stay in the repository (repeatable).",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the caches [default: the user's cache folder].",
)
@click.option("--all", "everything", is_flag=True, help="Also the caches that the next run would make again.")
@click.option("--yes", is_flag=True, help="Remove what is listed.")
def clean(
    runs: tuple[Path, ...], kernel: Path | None, kept: tuple[Path, ...], cache: Path | None, everything: bool, yes: bool
) -> None:
    """List what earlier runs left behind and what removing it would free; remove it with --yes.

    Refs of series in the kernel repository (all but those of --keep), caches of other versions and those that were put
    aside, reports of crashes, temporary folders of processes that were killed, and each RUN that is named, the folder of a
    run.
    """
    from contextlib import ExitStack

    from cocci_gen import temporary
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.runs.cleaning import (
        refs_of,
        removable_caches,
        removable_refs,
        removable_reports,
        removable_run,
        remove,
    )

    with ExitStack() as stack:
        tree = stack.enter_context(KernelTree.open(kernel)) if kernel else None
        things = [removable_run(run) for run in runs]
        things += removable_caches(cache or default_cache(), everything=everything)
        things += removable_reports()
        if tree is not None:
            things += removable_refs(tree, kept)
        elif any(refs_of(run) for run in runs):
            note("the series of these runs lie in the kernel repository; --kernel lists them")
        for one in things:
            click.echo(printable(f"{_megabytes(one.size):>10}  {one.ref or one.path}  ({one.what})"))
        total = _megabytes(sum(one.size for one in things)).strip()
        if not yes:
            click.echo(
                f"{_counted(things)}, {total}; --yes removes {'it' if len(things) == 1 else 'them'}"
                if things
                else "nothing to remove"
            )
            return
        keeps_files()
        remove(things, tree)
        swept = temporary.sweep()
        click.echo(f"removed {_counted(things)}, {total}, and {swept} temporary folders of processes that were killed")


def _counted(things: Sequence[object]) -> str:
    return "1 thing" if len(things) == 1 else f"{len(things)} things"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
