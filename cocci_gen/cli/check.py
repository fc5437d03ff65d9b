"""The command line: `check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.options import (
    baseline_option,
    cache_option,
    default_cache,
    format_option,
    jobs_option,
    people_of,
    processors,
    source_of,
    spatch_option,
)
from cocci_gen.cli.places import Places, opened, place_options
from cocci_gen.cli.session import FOUND, INCOMPLETE, NOTHING, clean, note, progress_shown
from cocci_gen.cli.uncommitted import BY_CHECK, note_ignored

if TYPE_CHECKING:
    from cocci_gen.kernel.patches import PatchSeries
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.runs.checks import Outcome
    from cocci_gen.scan.checking import Change


@click.command()
@place_options
@click.option("--since", metavar="REV", default="", help="Check every commit since REV (REV..HEAD, or ..--rev).")
@click.option(
    "--patch",
    "patch",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="Check a mail, an mbox (of lore, of `b4 am`) or a `git diff`; - reads it from stdin. The checkout stays as it is.",
)
@click.option("--worktree", is_flag=True, help="Check what is not committed, the index and untracked files included.")
@click.option(
    "--fail-on",
    type=click.Choice(["high", "moderate", "low", "none"]),
    default="low",
    show_default=True,
    help="Exit with 1 when a change brings a finding that is at least this sure.",
)
@click.option(
    "--reply",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --patch: write an answer to each mail that breaks something, to be read and sent by you.",
)
@click.option("--path", "paths", multiple=True, metavar="PATH", help="Only functions below PATH (repeatable).")
@click.option("--rule", "rules", multiple=True, metavar="GLOB", help="Only obligations whose id matches (repeatable).")
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=60.0, show_default=True, help="Seconds of one spatch job."
)
@jobs_option
@cache_option
@spatch_option
@baseline_option
@format_option
@click.pass_context
def check(
    ctx: click.Context, kernels: tuple[Path, ...], revs: tuple[str, ...], module: str, module_rev: str,
    document: Path | None, since: str, patch: Path | None, worktree: bool, fail_on: str, reply: Path | None,
    paths: tuple[str, ...], rules: tuple[str, ...], timeout: float, jobs: int | None, cache: Path | None, program: str,
    baseline: Path | None, form: str,
) -> None:  # fmt: skip
    """What a change breaks: commits (--since), patches (--patch) or what is not committed (--worktree).

    Looks only at the functions that change and at what comes to them by calls. Writes nothing but caches and --reply. Exit
    codes: 0 nothing new, 1 new findings, 2 usage, 3 something could not be examined any more.
    """
    import json

    from cocci_gen.kernel.completeness import check_complete
    from cocci_gen.kernel.modules import ModuleTree
    from cocci_gen.reports.changes import change_lines, changes_json
    from cocci_gen.runs.checks import CheckRequest, check_changes, repository_of
    from cocci_gen.runs.folder import check_folder
    from cocci_gen.scan.asked import plain_paths
    from cocci_gen.scan.pipeline import ScanOptions

    if sum((bool(since), patch is not None, worktree)) != 1:
        raise click.UsageError("say what is to be checked: --since REV, --patch FILE or --worktree (one of them)")
    if reply and patch is None:
        raise click.UsageError("--reply answers the mails of --patch")
    places = Places(kernels, revs, module, module_rev, document)
    places.check()
    series = _patches(patch) if patch else None
    ((kernel, rev),) = _only(places, series)
    if series:
        _note_gaps(series, places)
    if reply:
        check_folder(reply)
    with (
        opened(_based(places, series), kernel, rev, "" if worktree else BY_CHECK, rules=rules) as tree,
        progress_shown() as progress,
    ):
        check_complete(tree)
        repository = repository_of(tree)
        if worktree:
            note_ignored(repository)
        places_in = plain_paths(repository.root, paths)
        if isinstance(tree, ModuleTree):
            places_in = tuple(map(tree.inside, places_in))
        options = ScanOptions(rules, places_in, jobs or processors(), timeout)
        request = CheckRequest(options, cache or default_cache(), program, people_of(tree, baseline))
        if said := source_of(request.people):
            note(said)
        outcome = check_changes(_changes(tree, since, series, str(patch)), request, progress)
        click.echo(
            json.dumps(changes_json(outcome), indent=2) if form == "json" else clean("\n".join(change_lines(outcome)))
        )
        if reply and series:
            _reply(tree, outcome, series, reply)
    failed = outcome.fails(fail_on)
    unseen = any(checked.unexamined or checked.beyond for checked in outcome.checked)
    ctx.exit(FOUND if failed else INCOMPLETE if unseen else NOTHING)


def _only(places: Places, series: PatchSeries | None) -> Sequence[tuple[Path, str]]:
    """The one kernel and revision; patches that name their base are checked there unless --rev says otherwise."""
    if places.many:
        raise click.UsageError("a change is checked on one kernel and one revision; `scan --module` takes several")
    (pair,) = places.each()
    if series and series.base and not places.revs and not places.module and _has(pair[0], series.base):
        return ((pair[0], series.base),)
    return (pair,)


def _based(places: Places, series: PatchSeries | None) -> Places:
    """The same for the repository of a module."""
    from dataclasses import replace

    if series and series.base and places.module and not places.module_rev and _has(places.module_folder, series.base):
        return replace(places, module_rev=series.base)
    return places


def _note_gaps(series: PatchSeries, places: Places) -> None:
    """Say what of a series is not there: patches, and the commit that it was made for."""
    if series.missing:
        listed = ", ".join(str(number) for number in series.missing)
        one = len(series.missing) == 1
        note(
            f"patch{'' if one else 'es'} {listed} of {series.patches[0].total} {'is' if one else 'are'} not in the file"
        )
    folder = places.module_folder if places.module else places.each()[0][0]
    named = places.module_rev if places.module else places.revs
    if series.base and not named and not _has(folder, series.base):
        note(
            f"the series is for commit {series.base[:12]}, which {clean(str(folder))} does not have; this looks at HEAD"
        )


def _has(folder: Path, commit: str) -> bool:
    """Whether a repository has a commit."""
    from cocci_gen.errors import KernelTreeError
    from cocci_gen.kernel.tree import KernelTree

    try:
        with KernelTree.open(folder, commit):
            return True
    except KernelTreeError:
        return False


def _patches(patch: Path) -> PatchSeries:
    """The patches of a file, or of stdin."""
    import sys

    from cocci_gen.kernel.patches import read_patches

    data = sys.stdin.buffer.read() if str(patch) == "-" else patch.read_bytes()
    return read_patches(data, "stdin" if str(patch) == "-" else str(patch))


def _changes(tree: KernelTree, since: str, series: PatchSeries | None, name: str) -> Iterator[Change]:
    from cocci_gen.runs.checks import changes_of_patches, changes_of_work_tree, changes_since

    if series is not None:
        return changes_of_patches(tree, series, "stdin" if name == "-" else name)
    return changes_since(tree, since) if since else changes_of_work_tree(tree)


def _reply(tree: KernelTree, outcome: Outcome, series: PatchSeries, folder: Path) -> None:
    """The answers, in files."""
    import shlex

    from cocci_gen.runs.checks import repository_of
    from cocci_gen.runs.folder import write_file
    from cocci_gen.runs.making import kernel_version
    from cocci_gen.series.assembly import NOBODY
    from cocci_gen.series.mails.replies import answers
    from cocci_gen.series.words.rule_book import read_rule_book

    brought = [[one.finding for one in checked.new] for checked in outcome.checked]
    every = [finding.obligation for found in brought for finding in found]
    book = read_rule_book(tree, every, kernel_version(tree))
    person = repository_of(tree).identity() or NOBODY
    for name, data in answers(book, person, list(zip(series.patches, brought, strict=True))):
        write_file(folder / name, data)
        place = shlex.quote(str(folder / name))
        click.echo(clean(f"answer        {place} (read it, then git send-email --confirm=always {place})"))
