"""The command line: `scan` and `run`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from cocci_gen.cli.findings import show_end
from cocci_gen.cli.options import (
    baseline_option,
    build_option,
    cache_option,
    checkpatch_option,
    command_line,
    default_cache,
    jobs_option,
    people_of,
    processors,
    spatch_option,
)
from cocci_gen.cli.places import Places, check_settings, has_repository, label_of, opened, place_options, told_of
from cocci_gen.cli.series import write_series
from cocci_gen.cli.session import FOUND, INCOMPLETE, NOTHING, clean, keeps_files, note, progress_shown

if TYPE_CHECKING:
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.runs.making import Request, Run
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
            "pip install '.[dask]' in a clone of cocci-gen. Its workers need this cocci-gen and the same spatch, no kernel.",
        ),
        click.option(
            "--tls",
            "tls",
            nargs=3,
            type=click.Path(path_type=Path),
            metavar="CA CERT KEY",
            default=None,
            help="For a scheduler at tls://: the files of the authority, of your certificate and of its key.",
        ),
        spatch_option,
        baseline_option,
    ):
        command = option(command)
    return place_options(command)


@click.command()
@_scan_options
@click.pass_context
def scan(
    ctx: click.Context, kernels: tuple[Path, ...], revs: tuple[str, ...], module: str, module_rev: str,
    document: Path | None, out: Path, jobs: int | None, paths: tuple[str, ...], rules: tuple[str, ...],
    timeout: float, cache: Path | None, program: str, baseline: Path | None, scheduler: str,
    tls: tuple[Path, ...] | None,
) -> None:  # fmt: skip
    """Find breaches and make fixes; writes a run folder."""
    from cocci_gen.scan.pipeline import ScanOptions

    places = Places(kernels, revs, module, module_rev, document)
    options = ScanOptions(rules, paths, jobs or processors(), timeout)
    asked = _Asked(options, out, cache, program, baseline, scheduler, tls or ())
    ctx.exit(_each(places, asked, lambda tree, request: None))


@click.command()
@_scan_options
@build_option
@checkpatch_option
@click.pass_context
def run(
    ctx: click.Context, kernels: tuple[Path, ...], revs: tuple[str, ...], module: str, module_rev: str,
    document: Path | None, out: Path, jobs: int | None, paths: tuple[str, ...], rules: tuple[str, ...],
    timeout: float, cache: Path | None, program: str, baseline: Path | None, scheduler: str,
    tls: tuple[Path, ...] | None, build: bool, checkpatch: Path | None,
) -> None:  # fmt: skip
    """Scan, then write the series: from locking.rst to mails."""
    from cocci_gen.scan.pipeline import ScanOptions

    places = Places(kernels, revs, module, module_rev, document)
    options = ScanOptions(rules, paths, jobs or processors(), timeout)
    asked = _Asked(options, out, cache, program, baseline, scheduler, tls or ())
    builds = cache or default_cache() if build else None

    def then(tree: KernelTree, request: Request) -> None:
        if has_repository(tree):
            write_series(tree, request.out, request.people.baseline, builds=builds, checkpatch=checkpatch)

    ctx.exit(_each(places, asked, then))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What `scan` and `run` have in common besides the place."""

    options: ScanOptions
    out: Path
    cache: Path | None
    program: str
    baseline: Path | None
    scheduler: str
    certificates: tuple[Path, ...]


def _each(places: Places, asked: _Asked, then: Callable[[KernelTree, Request], None]) -> int:
    """Scan every kernel that was named, and do something with each run; the worst exit code."""
    from cocci_gen.kernel.completeness import check_complete
    from cocci_gen.runs.across import Column, across, folder_name

    places.check()
    keeps_files()
    codes, columns = [], list[Column]()
    for kernel, rev in places.each():
        with opened(places, kernel, rev, rules=asked.options.rules, paths=asked.options.paths) as tree:
            check_complete(tree)
            label = label_of(tree)
            out = asked.out / folder_name(label, [column.label for column in columns]) if places.many else asked.out
            _ready(tree, asked, out)
            told_of(tree)
            request = _request(tree, asked, out, places.document)
            code, done = _scan(tree, request)
            codes.append(code)
            columns.append(Column(label, out, done.scan))
            then(tree, request)
    if places.many:
        click.echo(clean(across(columns)))
    return INCOMPLETE if INCOMPLETE in codes else FOUND if FOUND in codes else NOTHING


def _ready(tree: KernelTree, asked: _Asked, out: Path) -> None:
    """A CocciGenError for what would end the scan in any case, before the seconds that looking at a module takes."""
    from cocci_gen.coccinelle.spatch import find_version
    from cocci_gen.runs.folder import check_own
    from cocci_gen.runs.making import refuse_output_inside, roots_of

    refuse_output_inside(asked.out, roots_of(tree))
    check_own(out)
    people_of(tree, asked.baseline)
    check_settings(tree)
    find_version(asked.program)


def _scan(tree: KernelTree, request: Request) -> tuple[int, Run]:
    """Scan, write the run folder, say how it went; the exit code and the run."""
    from cocci_gen import api
    from cocci_gen.runs.folder import counts
    from cocci_gen.series.rerolls.mails_there import former_list

    earlier = request.out / "series"
    had_series = bool(former_list(earlier))
    with progress_shown() as progress:
        done = api.scan_request(tree, request, progress)
    if had_series:
        note(f"the series of the earlier run are gone from {earlier}: they were made of what that one found")
    if request.scheduler and not done.scan.jobs > done.scan.cached_jobs:
        note(f"everything was in the cache, so {request.scheduler} was asked nothing")
    if count := len(request.people.baseline.rulings):
        click.echo(clean(f"verdicts      {count} of {request.people.file}"))
    baseline = request.people.baseline
    _summary(counts(done.scan), sum(one.finding.fingerprint in baseline.reviewed for one in done.accepted))
    show_end(request.out, done.scan, baseline)
    for stale in done.stale:
        perhaps = f"; perhaps now {', '.join(stale.perhaps)}" if stale.perhaps else ""
        one = stale.ruling
        text = f"stale verdict: {one.fingerprint} {one.status} {one.file} {one.function}(): {stale.reason}{perhaps}"
        click.echo(clean(text), err=True)
    return INCOMPLETE if done.incomplete else FOUND if done.accepted else NOTHING, done


def _request(tree: KernelTree, asked: _Asked, out: Path, document: Path | None) -> Request:
    from cocci_gen.runs.making import Request

    people = people_of(tree, asked.baseline)
    notes: dict[str, object] = {"document": str(document.resolve())} if document else {}
    cache = asked.cache or default_cache()
    return Request(
        asked.options, out, cache, asked.program, command_line(), people, notes, asked.scheduler, asked.certificates
    )


def _count(number: object, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _summary(figures: dict[str, object], accepted: int) -> None:
    """What was looked at and found; `accepted` findings were accepted in review."""
    from cocci_gen.runs.rulings import FILTER

    def listed(key: str, order: tuple[str, ...] = ()) -> str:
        counts = figures[key]
        assert isinstance(counts, dict)
        names = [*(name for name in order if name in counts), *(name for name in counts if name not in order)]
        return ", ".join(f"{counts[name]} {name}" for name in names) or "none"

    functions, files = _count(figures["bound"], "function"), _count(figures["bound_files"], "file")
    by = f"{figures['obligations_binding']} of {_count(figures['obligations'], 'obligation')}"
    click.echo(f"bound         {functions} in {files} by {by}; operations tables name {figures['named']}")
    named, examined = int(str(figures["named"])), int(str(figures["named_examined"]))
    share = f"; {examined} of the named with all answers ({examined / named:.1%})" if named else ""
    others = ", the others by the facts of the tree" if figures["bound"] != figures["functions"] else ""
    click.echo(f"examined      {figures['functions']} by spatch{others}{share}")
    sure = listed("accepted_by_confidence", ("high", "moderate", "low")) if figures["accepted"] else ""
    taken = f", of which you accepted {accepted}" if accepted else ""
    click.echo(
        f"findings      {figures['accepted']}{f' ({sure})' if sure else ''}, {figures['accepted_with_fix']} with a fix{taken}"
    )
    click.echo(f"rejected      {listed('rejected_by_filter').replace(f' {FILTER}', ' by people')}")
    if figures["fixes_refused_by_filter"]:
        click.echo(f"fixes refused {listed('fixes_refused_by_filter')}; their findings stand")
