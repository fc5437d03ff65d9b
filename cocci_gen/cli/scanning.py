"""The command line: `scan` and `run`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from cocci_gen.cli.findings import show_end
from cocci_gen.cli.options import (
    baseline_option,
    build_option,
    cache_option,
    command_line,
    default_cache,
    jobs_option,
    kernel_options,
    people_of,
    processors,
    spatch_option,
)
from cocci_gen.cli.series import write_series
from cocci_gen.cli.session import FOUND, INCOMPLETE, NOTHING, clean, progress_shown

if TYPE_CHECKING:
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.runs.making import Request
    from cocci_gen.scan.pipeline import ScanOptions

_F = TypeVar("_F", bound=Callable[..., object])


def _scan_options(command: _F) -> _F:
    for option in (
        click.option(
            "-o", "--out", type=click.Path(path_type=Path), required=True, help="Folder for the run; made when missing."
        ),
        jobs_option,
        click.option(
            "--path", "paths", multiple=True, metavar="PATH", help="Examine only functions below PATH (repeatable)."
        ),
        click.option(
            "--rule",
            "rules",
            multiple=True,
            metavar="GLOB",
            help="Only obligations whose id matches (repeatable), for instance 'address_space_operations.writepage.*'.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(0.1),
            default=60.0,
            show_default=True,
            help="Seconds that one spatch job may take.",
        ),
        cache_option,
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            default="",
            help="Send the spatch jobs to the workers of a Dask scheduler that you trust, for instance tcp://host:8786; needs "
            "pip install 'cocci-gen[dask]'. Its workers need this cocci-gen and the same spatch, no kernel.",
        ),
        spatch_option,
        baseline_option,
    ):
        command = option(command)
    return kernel_options(command)


@click.command()
@_scan_options
@click.pass_context
def scan(
    ctx: click.Context, kernel: Path, rev: str, out: Path, jobs: int | None, paths: tuple[str, ...], rules: tuple[str, ...],
    timeout: float, cache: Path | None, program: str, baseline: Path | None, scheduler: str,
) -> None:  # fmt: skip
    """Find breaches and make fixes; writes a run folder."""
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.scan.pipeline import ScanOptions

    options = ScanOptions(rules, paths, jobs or processors(), timeout)
    with KernelTree.open(kernel, rev) as tree:
        code = _scan(tree, _request(tree, options, out, cache, program, baseline, scheduler))
    ctx.exit(code)


@click.command()
@_scan_options
@build_option
@click.pass_context
def run(
    ctx: click.Context, kernel: Path, rev: str, out: Path, jobs: int | None, paths: tuple[str, ...], rules: tuple[str, ...],
    timeout: float, cache: Path | None, program: str, baseline: Path | None, scheduler: str, build: bool,
) -> None:  # fmt: skip
    """Scan, then write the series: from locking.rst to mails."""
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.scan.pipeline import ScanOptions

    options = ScanOptions(rules, paths, jobs or processors(), timeout)
    with KernelTree.open(kernel, rev) as tree:
        code = _scan(tree, _request(tree, options, out, cache, program, baseline, scheduler))
        write_series(tree, out, baseline, builds=cache or default_cache() if build else None)
    ctx.exit(code)


def _scan(tree: KernelTree, request: Request) -> int:
    """Scan, write the run folder, say how it went; the exit code."""
    from cocci_gen.runs.folder import counts
    from cocci_gen.runs.making import make_run

    with progress_shown() as progress:
        done = make_run(tree, request, progress)
    _summary(counts(done.scan))
    show_end(request.out, request.people.baseline)
    for stale in done.stale:
        perhaps = f"; perhaps now {', '.join(stale.perhaps)}" if stale.perhaps else ""
        one = stale.ruling
        text = f"stale verdict: {one.fingerprint} {one.status} {one.file} {one.function}(): {stale.reason}{perhaps}"
        click.echo(clean(text), err=True)
    return INCOMPLETE if done.incomplete else FOUND if done.accepted else NOTHING


def _request(
    tree: KernelTree, options: ScanOptions, out: Path, cache: Path | None, program: str, baseline: Path | None, scheduler: str
) -> Request:  # fmt: skip
    from cocci_gen.runs.making import Request

    people = people_of(tree, baseline)
    return Request(options, out, cache or default_cache(), program, command_line(), people, scheduler=scheduler)


def _summary(figures: dict[str, object]) -> None:
    def listed(key: str) -> str:
        counts = figures[key]
        assert isinstance(counts, dict)
        return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"

    click.echo(
        f"examined      {figures['functions']} functions in {figures['files']} files, {figures['obligations']} obligations"
    )
    found = f"{figures['accepted']} accepted ({listed('accepted_by_confidence')})"
    click.echo(f"findings      {found}, {figures['accepted_with_fix']} with a fix")
    click.echo(f"rejected      {listed('rejected_by_filter')}")
    if figures["fixes_refused_by_filter"]:
        click.echo(f"fixes refused {listed('fixes_refused_by_filter')}; their findings stand")
