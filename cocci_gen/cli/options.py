"""The command line: options that several commands share, and what holds where they are not given."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.runs.people import People

_F = TypeVar("_F", bound=Callable[..., object])


class _ToBeRead(click.Path):
    """A file that is read whole.  A FIFO would be waited for without end; one that a shell makes of `<(...)` has its writer."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(str(super().convert(value, param, ctx)))  # type: ignore[arg-type]
        if path.is_fifo() and not str(path).startswith(("/dev/fd/", "/proc/self/fd/")):
            self.fail(f"File {str(path)!r} is a FIFO; write what comes out of it to a file, and name that.", param, ctx)
        return path


#: The type of an option that names a file of the user's.
TO_BE_READ = _ToBeRead(path_type=Path, exists=True, dir_okay=False)

kernel_option = click.option(
    "--kernel",
    type=click.Path(path_type=Path),
    required=True,
    help="A git repository of the kernel (a checkout or a bare one).",
)
rev_option = click.option(
    "--rev", default="HEAD", show_default=True, help="Revision to read; what is not committed is no part of it."
)
format_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
baseline_option = click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Your verdicts on findings [default: cocci-gen.toml in the current folder, if there is one; of a module also the one "
    "that it holds itself].",
)
jobs_option = click.option(
    "-j", "--jobs", type=click.IntRange(1, 512), default=None, help="Processes at a time [default: one per CPU]."
)
cache_option = click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the caches [default: the user's cache folder].",
)


def _program(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """A program by its path is one of the folder where the user is, not of one where it is run."""
    return str(Path(value).absolute()) if "/" in value else value


spatch_option = click.option(
    "--spatch",
    "program",
    default="spatch",
    show_default=True,
    callback=_program,
    help="The Coccinelle program to run.",
)
build_option = click.option(
    "--build",
    is_flag=True,
    help="Compile the changed files with and without each patch, with the kernel's own make (allmodconfig). This RUNS "
    "the makefiles and scripts of that tree: only for a tree that you would build yourself. Keeps a copy of the tree "
    "in the cache, 2 GB; needs what Debian calls gcc make flex bison bc libelf-dev libssl-dev.",
)

checkpatch_option = click.option(
    "--checkpatch",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    help="Also let this checkpatch.pl look at each mail, for instance ~/linux/scripts/checkpatch.pl. It is a program that is "
    "RUN; that of the tree at hand is not, unless you name it.",
)


def kernel_options(command: _F) -> _F:
    """--kernel and --rev."""
    return kernel_option(rev_option(command))


def selection_options(command: _F) -> _F:
    """--rule, --path and --confidence: which findings of a run."""
    for option in (
        click.option(
            "--confidence",
            "confidences",
            multiple=True,
            type=click.Choice(["high", "moderate", "low"]),
            help="Only findings this sure (repeatable).",
        ),
        click.option(
            "--path",
            "paths",
            multiple=True,
            metavar="PATH",
            help="Only below PATH, or where the glob matches (repeatable).",
        ),
        click.option(
            "--rule",
            "rules",
            multiple=True,
            metavar="GLOB",
            help="Only these obligations, kinds or methods (repeatable).",
        ),
    ):
        command = option(command)
    return command


def processors() -> int:
    """How many jobs run at a time where -j does not say."""
    return len(os.sched_getaffinity(0))


def default_cache() -> Path:
    """The user's cache folder."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("cocci-gen"))


def people_of(tree: KernelTree, baseline: Path | None) -> People:
    """The verdicts that were named, else those of the module and of the current folder, if there are any."""
    from cocci_gen.runs import people

    return people.people_of(tree, baseline)


def source_of(people: People) -> str:
    """How many verdicts count and where they stand; "" where there are none."""
    count = len(people.baseline.rulings)
    return f"{count} {'verdict' if count == 1 else 'verdicts'} of {people.file}" if count else ""


def command_line() -> str:
    """The command as it could be typed again."""
    return shlex.join(["cocci-gen", *sys.argv[1:]])
