"""The command line: the only module that prints, reads the environment or exits.

Exit codes: 0 nothing found, 1 findings, 2 usage or input, 3 incomplete (results stand), 130 interrupted.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from cocci_gen import __version__
from cocci_gen.errors import CocciGenError

if TYPE_CHECKING:
    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.pipeline import Progress, ScanOptions
    from cocci_gen.run_folder import RunHeader

NOTHING, FOUND, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130

_F = TypeVar("_F", bound=Callable[..., object])


class _Group(click.Group):
    """Every CocciGenError becomes one clear line on stderr and exit code 2; Ctrl-C becomes 130."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CocciGenError as error:
            click.echo(f"cocci-gen: {_clean(str(error))}", err=True)
            ctx.exit(USAGE)
        except (KeyboardInterrupt, click.Abort):
            click.echo("cocci-gen: interrupted; what was finished is kept, the same command goes on from there", err=True)
            ctx.exit(INTERRUPTED)


def _clean(text: str) -> str:
    """A message without control characters: names in a tree are hostile input to a terminal."""
    return "".join(character if character.isprintable() or character == "\n" else "?" for character in text)


def _default_cache() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("cocci-gen"))


def _kernel_options(command: _F) -> _F:
    command = click.option("--rev", default="HEAD", show_default=True, help="Revision to read; the work tree is never looked at.")(command)
    return click.option(
        "--kernel", type=click.Path(path_type=Path), required=True, help="A git repository of the kernel (a checkout or a bare one)."
    )(command)


def _scan_options(command: _F) -> _F:
    for option in (
        click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="Folder for the run; made when missing."),
        click.option("-j", "--jobs", type=click.IntRange(1, 512), default=None, help="Processes at a time [default: one per CPU]."),
        click.option("--path", "paths", multiple=True, metavar="PATH", help="Examine only functions below PATH (repeatable)."),
        click.option("--rule", "rules", multiple=True, metavar="GLOB", help="Only obligations whose id matches (repeatable), for instance 'address_space_operations.writepage.*'."),
        click.option("--timeout", type=click.FloatRange(0.1), default=60.0, show_default=True, help="Seconds that one spatch job may take."),
        click.option("--cache", type=click.Path(path_type=Path), default=None, help="Folder of the caches [default: the user's cache folder]."),
        click.option("--spatch", "program", default="spatch", show_default=True, help="The Coccinelle program to run."),
    ):
        command = option(command)
    return _kernel_options(command)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cocci-gen")
def main() -> None:
    """Turn the VFS locking tables into reviewable kernel fix series.

    Reads Documentation/filesystems/locking.rst of a kernel tree, makes semantic patches from its tables, runs them with
    Coccinelle, keeps what survives the filters, and writes patch series for `git send-email`. Never sends mail, never
    signs off, never touches your checkout.

    \b
    First steps:
      cocci-gen run --kernel ~/linux -o out          everything: scan, then series
      cocci-gen obligations --kernel ~/linux         what the rules of this tree ask for
    """


@contextmanager
def _progress() -> Iterator[Progress]:
    """A progress bar on a terminal, a plain line per stage elsewhere; both on stderr."""
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def plain(stage: str, done: int, total: int) -> None:
            if stage not in seen and total:
                seen.add(stage)
                click.echo(f"{stage}: {total}", err=True)

        yield plain
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def draw(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=max(total, 1))
            bars.update(tasks[stage], completed=done if total else 1, total=max(total, 1))

        yield draw


def _options(rules: tuple[str, ...], paths: tuple[str, ...], jobs: int | None, timeout: float) -> ScanOptions:
    import os

    from cocci_gen.pipeline import ScanOptions

    return ScanOptions(rules, paths, jobs or len(os.sched_getaffinity(0)), timeout)


def _scan(tree: KernelTree, options: ScanOptions, out: Path, cache: Path, program: str) -> tuple[int, RunHeader]:
    """Scan and write the run folder; the exit code and the header."""
    from cocci_gen.job_cache import JobCache
    from cocci_gen.pipeline import Examination, chosen_obligations, open_index, read_rules
    from cocci_gen.run_folder import RunHeader, counts, write_run
    from cocci_gen.spatch import SpatchRunner

    every = read_rules(tree)
    chosen = chosen_obligations(every, options.rules)
    with _progress() as progress, JobCache.open(cache / "jobs.sqlite") as job_cache, SpatchRunner(job_cache, options.jobs, program) as runner:
        index = open_index(tree, cache, every, options, progress)
        try:
            scan = Examination(tree, index, runner, options).scan(chosen, progress)
        finally:
            index.close()
        header = RunHeader(
            tree=str(tree.root),
            revision=tree.revision,
            commit=tree.commit,
            kernel_version=kernel_version(tree),
            tool_version=__version__,
            spatch_version=runner.version,
            command=shlex.join(["cocci-gen", *sys.argv[1:]]),
            options={"rules": list(options.rules), "paths": list(options.paths), "timeout": options.timeout},
        )
        write_run(out, scan, header)
    _summary(counts(scan), out)
    found = any(judged.finding for judged in scan.findings if type(judged.verdict).__name__ == "Accepted")
    incomplete = any(one.reason.startswith("spatch") for one in scan.unexamined)
    return (INCOMPLETE if incomplete else FOUND if found else NOTHING), header


def kernel_version(tree: KernelTree) -> str:
    """The version that the top Makefile of a tree states, or "" where it states none."""
    import re

    if "Makefile" not in tree.blobs():
        return ""
    head = tree.read("Makefile")[:2000].decode("ascii", "replace")
    parts = {key: value.strip() for key, value in re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *=(.*)$", head, flags=re.M)}
    if "VERSION" not in parts or "PATCHLEVEL" not in parts:
        return ""
    numbers = [parts["VERSION"], parts["PATCHLEVEL"]] + ([parts["SUBLEVEL"]] if parts.get("SUBLEVEL", "0") not in ("", "0") else [])
    return ".".join(numbers) + parts.get("EXTRAVERSION", "")


def _summary(figures: dict[str, object], out: Path) -> None:
    levels = figures["accepted_by_confidence"]
    rejected = figures["rejected_by_filter"]
    assert isinstance(levels, dict) and isinstance(rejected, dict)
    click.echo(f"examined      {figures['functions']} functions in {figures['files']} files, {figures['obligations']} obligations")
    click.echo(f"findings      {figures['accepted']} accepted ({', '.join(f'{count} {level}' for level, count in levels.items()) or 'none'}), {figures['accepted_with_fix']} with a fix")
    click.echo(f"rejected      {', '.join(f'{count} {name}' for name, count in rejected.items()) or 'none'}")
    click.echo(f"not examined  {figures['not_examined']} (see {out / 'unexamined.jsonl'})")


@main.command()
@_scan_options
@click.pass_context
def scan(
    ctx: click.Context, kernel: Path, rev: str, out: Path, jobs: int | None, paths: tuple[str, ...], rules: tuple[str, ...],
    timeout: float, cache: Path | None, program: str,
) -> None:  # fmt: skip
    """Find breaches and make fixes; writes a run folder."""
    from cocci_gen.kernel_tree import KernelTree

    with KernelTree.open(kernel, rev) as tree:
        code, _ = _scan(tree, _options(rules, paths, jobs, timeout), out, cache or _default_cache(), program)
    ctx.exit(code)


@main.command()
@_scan_options
@click.pass_context
def run(
    ctx: click.Context, kernel: Path, rev: str, out: Path, jobs: int | None, paths: tuple[str, ...], rules: tuple[str, ...],
    timeout: float, cache: Path | None, program: str,
) -> None:  # fmt: skip
    """Scan, then write the series: from locking.rst to mails."""
    from cocci_gen.kernel_tree import KernelTree

    with KernelTree.open(kernel, rev) as tree:
        code, _ = _scan(tree, _options(rules, paths, jobs, timeout), out, cache or _default_cache(), program)
        _series(tree, out)
    ctx.exit(code)


@main.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--kernel", type=click.Path(path_type=Path), default=None, help="The tree of the run, if it has moved.")
def series(folder: Path, kernel: Path | None) -> None:
    """Write the patch series of a finished scan (RUN is its folder)."""
    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.run_folder import read_header

    header, _ = read_header(folder)
    with KernelTree.open(kernel or Path(header.tree), header.commit) as tree:
        _series(tree, folder)


def _series(tree: KernelTree, out: Path) -> None:
    """Write OUT/series and say how to send it."""
    raise NotImplementedError(tree, out)


@main.command()
@_kernel_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def obligations(kernel: Path, rev: str, form: str) -> None:
    """Every cell and clause of locking.rst, and what it asks for."""
    raise NotImplementedError(kernel, rev, form)


if __name__ == "__main__":
    main()
