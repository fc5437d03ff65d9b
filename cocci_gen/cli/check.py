"""The command line: `check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from cocci_gen import temporary
from cocci_gen.cli.findings import FORMATS
from cocci_gen.cli.options import (
    baseline_option,
    cache_option,
    command_line,
    default_cache,
    jobs_option,
    people_of,
    processors,
    source_of,
    spatch_option,
)
from cocci_gen.cli.places import Places, opened, place_options
from cocci_gen.cli.session import (
    FOUND,
    INCOMPLETE,
    NOTHING,
    USAGE,
    clean,
    clean_line,
    keeps_files,
    note,
    progress_shown,
    warn,
)
from cocci_gen.cli.uncommitted import BY_CHECK, note_ignored

if TYPE_CHECKING:
    from cocci_gen.kernel.patches import PatchSeries
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.runs.checks import Asked, CheckRequest, Outcome
    from cocci_gen.runs.laid import Layer
    from cocci_gen.scan.checking import Change

#: The forms that tell of each change by itself, and those that stand beside the lines of a change.
_OWN_FORMATS = ("text", "json")
_OF_CHANGES = ("github", "gitlab")


@click.command(short_help="What a change breaks: commits, a patch mail, uncommitted work.")
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
@click.option(
    "--previous",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="With --patch: an earlier version of the series (v1, or a file that holds both); also tells what is new since then, "
    "still there and gone.",
)
@click.option(
    "-o",
    "--out",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a run folder as `scan` does, of what the change reaches: for `review`, `explain`, `findings`, `series`.",
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
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="text and json tell of each change; the others are those of `findings`: github and gitlab of what is new, sarif, "
    "html and junit of all that the change touches.",
)
@click.pass_context
def check(
    ctx: click.Context, kernels: tuple[Path, ...], revs: tuple[str, ...], module: str, module_rev: str,
    document: Path | None, since: str, patch: Path | None, worktree: bool, fail_on: str, reply: Path | None,
    previous: Path | None, out: Path | None, paths: tuple[str, ...], rules: tuple[str, ...], timeout: float,
    jobs: int | None, cache: Path | None, program: str, baseline: Path | None, form: str,
) -> None:  # fmt: skip
    """What a change breaks: commits (--since), patches (--patch) or what is not committed (--worktree).

    Looks only at the functions that change and at what comes to them by calls. Writes nothing but caches, -o and --reply. Exit
    codes: 0 nothing new, 1 new findings, 2 usage, or a patch that does not apply (those before it are checked), 3 something
    could not be examined any more.
    """
    import json

    from cocci_gen.kernel.completeness import check_complete
    from cocci_gen.reports.changes import changes_json
    from cocci_gen.runs.checks import CheckRequest, check_changes, repository_of, unbuilt
    from cocci_gen.runs.people import baseline_words
    from cocci_gen.scan.pipeline import ScanOptions

    _refuse_mixture(bool(since), worktree, patch=patch, reply=reply, previous=previous)
    places = Places(kernels, revs, module, module_rev, document)
    places.check()
    series = _patches(patch) if patch else None
    earlier = _patches(previous, series.version) if previous and series else None
    ((kernel, rev),) = _only(places, series)
    if out:
        keeps_files()
    if series:
        _note_gaps(series, places)
    with (
        opened(_based(places, series), kernel, rev, "" if worktree else BY_CHECK, rules=rules) as tree,
        _earlier(tree, places, earlier, str(previous)) as former,
        progress_shown(alone=False) as progress,
    ):
        check_complete(tree)
        _ready_to_write(tree, reply, out)
        if worktree:
            note_ignored(repository_of(tree))
        options = ScanOptions(rules, _inside(tree, paths), jobs or processors(), timeout)
        request = CheckRequest(options, cache or default_cache(), program, people_of(tree, baseline))
        if said := source_of(request.people):
            note(said)
        name = "work tree" if worktree else since or _name(patch)
        layers, asked = _asked(tree, places, since, series, name)
        asked = replace(asked, whole=out is not None or form not in _OWN_FORMATS, previous=former)
        outcome = check_changes(asked, request, progress)
        for path in unbuilt(outcome):
            warn(f"{path} is changed and named by no makefile of the module, so it is not looked at")
        answered = _reply(tree, outcome, series, reply, _answered_from(ctx, fail_on)) if reply and series else {}
        with TemporaryDirectory(prefix=temporary.prefix("check")) as scratch:
            # The forms of `findings` are made of a run folder, whether or not one is kept.
            run = out or (Path(scratch) / "run" if form not in _OWN_FORMATS else None)
            if run and outcome.whole:
                words = ["--worktree"] if worktree else ["--since", since] if since else ["--patch", Path(name).name]
                _write(request, run, outcome, layers, (name, words), document)
            if form == "json":
                more: dict[str, object] = {"answers": list(answered)} if reply else {}
                more |= {"warnings": [*series.doubts(), *series.remarks()]} if series else {}
                click.echo(json.dumps({**changes_json(outcome), **more}, indent=2))
            else:
                _tell(outcome, form, run, tuple(answered.values()))
                if out is not None:
                    _tell_of_run(outcome, out, baseline_words(tree.root, request.people.file), form)
    ctx.exit(_exit_code(outcome, fail_on))


def _refuse_mixture(*chosen: bool, patch: Path | None, reply: Path | None, previous: Path | None) -> None:
    """UsageError where not one thing is to be checked, or what goes with a patch comes without one."""
    if sum((*chosen, patch is not None)) != 1:
        raise click.UsageError("say what is to be checked: --since REV, --patch FILE or --worktree (one of them)")
    if patch is None and (reply or previous):
        raise click.UsageError(f"{'--reply answers' if reply else '--previous is compared with'} the mails of --patch")


def _exit_code(outcome: Outcome, fail_on: str) -> int:
    """The code of the whole check, and the patches that did not apply told."""
    for one in outcome.stopped:
        click.echo(f"cocci-gen: {clean(one.reason)}", err=True)
    if outcome.stopped:
        return USAGE
    unseen = any(checked.unexamined or checked.beyond for checked in outcome.checked)
    return FOUND if outcome.fails(fail_on) else INCOMPLETE if unseen else NOTHING


def _inside(tree: KernelTree, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths that were asked for, as the scanned tree has them."""
    from cocci_gen.kernel.modules import ModuleTree
    from cocci_gen.runs.checks import repository_of
    from cocci_gen.scan.asked import plain_paths

    plain = plain_paths(repository_of(tree).root, paths)
    return tuple(map(tree.inside, plain)) if isinstance(tree, ModuleTree) else plain


@contextmanager
def _earlier(tree: KernelTree, places: Places, series: PatchSeries | None, name: str) -> Iterator[tuple[Change, ...]]:
    """An earlier version of the series as one change, on the commit that it names, or else where the later one is checked."""
    from cocci_gen.errors import KernelTreeError
    from cocci_gen.runs.checks import changes_of_layers, repository_of, whole_change
    from cocci_gen.runs.laid import layers_of_patches

    if series is None:
        yield ()
        return
    ((kernel, rev),) = _only(places, series)
    with opened(_based(places, series), kernel, rev) as other:
        # The same state is one tree, whose index is read once.
        start = tree if repository_of(other).commit == repository_of(tree).commit else other
        layers, stopped = layers_of_patches(repository_of(start), series, name, places.base_option)
        for one in stopped:
            raise KernelTreeError(f"--previous: {one.reason}")
        yield (whole_change(start, list(changes_of_layers(start, layers)), f"v{series.version} in {name}"),)


def _asked(
    tree: KernelTree, places: Places, since: str, series: PatchSeries | None, name: str
) -> tuple[tuple[Layer, ...], Asked]:
    """What is laid over the revision, and what is to be checked."""
    from cocci_gen.runs.checks import Asked, changes_of_layers, changes_since, repository_of, state_before
    from cocci_gen.runs.laid import layers_of_patches, layers_of_work_tree

    if since:
        return (), Asked(changes_since(tree, since), state_before(tree, since))
    repository = repository_of(tree)
    if series:
        layers, stopped = layers_of_patches(repository, series, name, places.base_option)
    else:
        layers, stopped = layers_of_work_tree(repository), ()
    return layers, Asked(changes_of_layers(tree, layers), tree, stopped)


def _write(
    request: CheckRequest,
    run: Path,
    outcome: Outcome,
    layers: Sequence[Layer],
    what: tuple[str, list[str]],
    document: Path | None,
) -> None:
    """The run folder of the check."""
    from cocci_gen.runs.change_runs import write_change_run
    from cocci_gen.runs.making import Request

    notes: dict[str, object] = {"document": str(document.resolve())} if document else {}
    made = Request(request.options, run, request.cache, request.program, command_line(), request.people, notes)
    write_change_run(made, outcome, layers, *what)


def _tell(outcome: Outcome, form: str, run: Path | None, answered: Sequence[str]) -> None:
    """The outcome for people, or in a form of `findings`, and where answers were written."""
    from cocci_gen.reports.changes import change_lines

    if form == "text":
        for line in (*change_lines(outcome), *answered):
            click.echo(clean_line(line))
    elif run and outcome.whole:
        _show(run, form)


def _tell_of_run(outcome: Outcome, run: Path, baseline: Sequence[str], form: str) -> None:
    """Where the run folder lies and how to go on; `baseline` is the option by which the next verb finds the verdicts."""
    import shlex

    if not outcome.whole:
        note("nothing was checked, so there is no run folder")
    elif form == "text":
        place = shlex.join([str(run), *baseline])
        click.echo(clean_line(f"run           {run} (cocci-gen review {place}, then cocci-gen findings {place} --new)"))


def _show(run: Path, form: str) -> None:
    """The run in one of the forms of `findings`: beside the lines of a change only what it brings."""
    from cocci_gen import api
    from cocci_gen.cli.findings import rendered
    from cocci_gen.runs.baseline import Baseline

    record = api.read(run, Baseline())
    known = record.was_there if form in _OF_CHANGES else frozenset[str]()
    selection = api.Selection(known=known)
    text = rendered(record, tuple(api.findings(record, selection)), form, selection)
    if text:
        click.echo(text.removesuffix("\n"))


def _answered_from(ctx: click.Context, fail_on: str) -> str:
    """From which confidence on a finding is worth a mail: what fails the check, where somebody has said what does."""
    from click.core import ParameterSource

    said = ctx.get_parameter_source("fail_on") is not ParameterSource.DEFAULT
    return fail_on if said and fail_on != "none" else "moderate"


def _ready_to_write(tree: KernelTree, reply: Path | None, out: Path | None) -> None:
    """A CocciGenError for a folder that will not do, before the check."""
    from cocci_gen.runs.folder import check_folder, check_own
    from cocci_gen.runs.making import refuse_output_inside, roots_of
    from cocci_gen.series.mails.answer_folder import stale_answers

    for folder in filter(None, (reply, out)):
        refuse_output_inside(folder, roots_of(tree))
        check_folder(folder)
    if out:
        check_own(out)
    if reply:
        stale_answers(reply)


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


def _patches(patch: Path, before: int = 0) -> PatchSeries:
    """The patches of a file, or of stdin; with `before` those of a version below that, if there is one."""
    import sys

    from cocci_gen.errors import UsageProblem
    from cocci_gen.kernel.patches import read_patches

    if str(patch) == "-" and sys.stdin is None:
        raise UsageProblem("--patch -: the standard input is closed; name a file, or pipe the patches in")
    data = sys.stdin.buffer.read() if str(patch) == "-" else patch.read_bytes()
    return read_patches(data, _name(patch), before)


def _name(patch: Path | None) -> str:
    """What a file of patches is called."""
    return "stdin" if str(patch) == "-" else str(patch)


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
    for why, count in done.lacking.items():
        warn(f"{'the answer' if len(done.written) == 1 else f'{count} of {len(done.written)} answers'}: {why}")
    places = {str(folder / name): shlex.quote(str(folder / name)) for name in done.written}
    how = "read it, then git send-email --confirm=always"
    return {path: f"answer        {place} ({how} {place})" for path, place in places.items()}
