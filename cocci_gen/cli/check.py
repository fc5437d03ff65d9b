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
    spatch_option,
)
from cocci_gen.cli.places import Places, opened, place_options
from cocci_gen.cli.session import FOUND, INCOMPLETE, NOTHING, USAGE, clean, note, progress_shown, warn
from cocci_gen.cli.uncommitted import BY_CHECK, note_ignored

if TYPE_CHECKING:
    from cocci_gen.kernel.applying import NotApplied
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
    help="Check a mail, an mbox (of lore, gzipped or not, of `b4 am`) or a `git diff`; - reads it from stdin. The checkout "
    "stays as it is.",
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
    help="With --patch: write an answer to each mail that brings what --fail-on fails (moderate and high where that is not "
    "given), to be read and sent by you.",
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
    codes: 0 nothing new, 1 new findings, 2 usage, or a patch that does not apply (those before it are checked), 3 something
    could not be examined any more.
    """
    import json

    from cocci_gen.kernel.completeness import check_complete
    from cocci_gen.kernel.modules import ModuleTree
    from cocci_gen.reports.changes import change_lines, changes_json
    from cocci_gen.runs.checks import CheckRequest, check_changes, repository_of
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
    with (
        opened(_based(places, series), kernel, rev, "" if worktree else BY_CHECK, rules=rules) as tree,
        progress_shown(alone=False) as progress,
    ):
        check_complete(tree)
        if reply:
            _ready_to_write(tree, reply)
        repository = repository_of(tree)
        if worktree:
            note_ignored(repository)
        places_in = plain_paths(repository.root, paths)
        if isinstance(tree, ModuleTree):
            places_in = tuple(map(tree.inside, places_in))
        options = ScanOptions(rules, places_in, jobs or processors(), timeout)
        request = CheckRequest(options, cache or default_cache(), program, people_of(tree, baseline))
        outcome = check_changes(_changes(tree, since, series, str(patch)), request, progress)
        answered = _reply(tree, outcome, series, reply, _answered_from(ctx, fail_on)) if reply and series else {}
        if form == "json":
            click.echo(
                json.dumps({**changes_json(outcome), **({"answers": list(answered)} if reply else {})}, indent=2)
            )
        else:
            for line in (*change_lines(outcome, quiet=series is not None), *answered.values()):
                click.echo(clean(line))
    for one in outcome.stopped:
        click.echo(f"cocci-gen: {clean(one.reason)}", err=True)
    unseen = any(checked.unexamined or checked.cut for checked in outcome.checked)
    if outcome.stopped:
        ctx.exit(USAGE)
    ctx.exit(FOUND if outcome.fails(fail_on) else INCOMPLETE if unseen else NOTHING)


def _answered_from(ctx: click.Context, fail_on: str) -> str:
    """From which confidence on a finding is worth a mail: what fails the check, where somebody has said what does."""
    from click.core import ParameterSource

    said = ctx.get_parameter_source("fail_on") is not ParameterSource.DEFAULT
    return fail_on if said and fail_on != "none" else "moderate"


def _ready_to_write(tree: KernelTree, folder: Path) -> None:
    """A CocciGenError for a folder of answers that will not do, before the check."""
    from cocci_gen.runs.folder import check_folder
    from cocci_gen.runs.making import refuse_output_inside, roots_of
    from cocci_gen.series.mails.answer_folder import stale_answers

    refuse_output_inside(folder, roots_of(tree))
    check_folder(folder)
    stale_answers(folder)


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
    """Say what of a series is not there: patches, and the commit that it was made for; and what of the file was left out."""
    for doubt in series.doubts():
        warn(doubt)
    for remark in series.remarks():
        note(remark)
    folder = places.module_folder if places.module else places.each()[0][0]
    named = places.module_rev if places.module else places.revs
    if series.base and not named and not _has(folder, series.base):
        warn(f"the series is for commit {series.base[:12]}, which {folder} does not have; this looks at HEAD")


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


def _changes(tree: KernelTree, since: str, series: PatchSeries | None, name: str) -> Iterator[Change | NotApplied]:
    from cocci_gen.runs.checks import changes_of_patches, changes_of_work_tree, changes_since

    if series is not None:
        yield from changes_of_patches(tree, series, "stdin" if name == "-" else name)
    else:
        yield from changes_since(tree, since) if since else changes_of_work_tree(tree)


def _reply(tree: KernelTree, outcome: Outcome, series: PatchSeries, folder: Path, level: str) -> dict[str, str]:
    """The answers, in files: each with the line that tells of it; what an earlier check left there goes."""
    import shlex

    from cocci_gen.runs.answering import write_answers

    done = write_answers(tree, outcome, series, folder, level)
    if done.removed:
        what = (
            "1 answer of an earlier check is"
            if len(done.removed) == 1
            else f"{len(done.removed)} answers of earlier checks are"
        )
        note(f"{what} gone from {folder}: {', '.join(done.removed)}")
    if done.left_out:
        what = "1 finding is" if done.left_out == 1 else f"{done.left_out} findings are"
        note(f"{what} less sure than {level} and in no answer; --fail-on low writes of them too")
    places = {str(folder / name): shlex.quote(str(folder / name)) for name in done.written}
    how = "read it, then git send-email --confirm=always"
    return {path: f"answer        {place} ({how} {place})" for path, place in places.items()}
