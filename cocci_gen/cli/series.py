"""The command line: `series`."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.findings import show_series
from cocci_gen.cli.options import (
    baseline_option,
    build_option,
    checkpatch_option,
    default_cache,
    processors,
    source_of,
)
from cocci_gen.cli.session import clean, keeps_files, note, progress_shown, silent
from cocci_gen.cli.uncommitted import note_uncommitted, open_tree

if TYPE_CHECKING:
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.runs.baseline import Baseline
    from cocci_gen.series.assembly import SeriesSet
    from cocci_gen.series.rerolls.own_work import RerollRequest


@click.command(short_help="Write the patch series of a scan; sign what you accepted.")
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--kernel", type=click.Path(path_type=Path), default=None, help="The tree of the run, if it has moved.")
@baseline_option
@click.option(
    "--reroll",
    "old",
    metavar="OLD",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Make the next version of the series in OLD, the folder of the earlier run: same change ids, what changed under "
    "each patch, range-diff and dropped patches in the cover letter.",
)
@click.option(
    "--branch",
    "branches",
    multiple=True,
    help="With --reroll: a branch of the kernel with the earlier patches as you have amended them; your words and your "
    "code are kept (repeatable).",
)
@click.option(
    "--link",
    "links",
    multiple=True,
    metavar="[FOLDER=]URL",
    help="With --reroll: where the earlier version can be read, per series folder if there are several (repeatable).",
)
@click.option(
    "--replies",
    metavar="MBOX",
    type=click.Path(path_type=Path),
    help="Read the thread of the series of RUN (as `b4 mbox` saves it) instead of writing them: what was taken or refused "
    "becomes a verdict in the baseline, the trailers are kept for --reroll.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the caches, for --build [default: the user's cache folder].",
)
@build_option
@checkpatch_option
@click.option(
    "--signoff",
    is_flag=True,
    help="Add your Signed-off-by, only to patches all of whose findings you accepted in review.",
)
@click.option(
    "--mainline",
    metavar="REV|DIR[:REV]",
    default="",
    help="Say of each patch whether its code is the same, changed or gone at this revision (of this kernel, or of another "
    "repository), and leave out what is mended there.",
)
@click.option(
    "--make-branches",
    "prefix",
    metavar="PREFIX",
    default="",
    help="Also make a branch PREFIX/<section> of each series, never over an existing one, for b4 prep -e and git send-email.",
)
def series(
    folder: Path, kernel: Path | None, baseline: Path | None, old: Path | None, branches: tuple[str, ...],
    links: tuple[str, ...], replies: Path | None, cache: Path | None, build: bool, checkpatch: Path | None, signoff: bool,
    mainline: str, prefix: str,
) -> None:  # fmt: skip
    """Write the patch series of a finished scan (RUN is its folder)."""
    from cocci_gen.runs.folder import read_header
    from cocci_gen.runs.made_series import next_version
    from cocci_gen.runs.people import people_of_run
    from cocci_gen.runs.reopen import reopened_in_commits

    keeps_files()
    if replies is not None:
        _hear(folder, replies, baseline)
        return
    header, _ = read_header(folder)
    if old is None and (branches or links):
        raise click.UsageError("--branch and --link say something of an earlier version; name its folder with --reroll")
    people = people_of_run(header, kernel, baseline)
    if said := source_of(people):
        note(said)
    if header.change.get("asked") == ["--worktree"]:
        note(
            "the patches go on top of what is not committed here, and nobody else has that: commit it, or git am them yourself"
        )
    with reopened_in_commits(folder, header, kernel) as tree:
        note_uncommitted(tree)
        reroll = None
        if old is not None:
            reroll = next_version(tree, folder, old, branches, links, people.baseline)
        builds = cache or default_cache() if build else None
        with _mainline(tree, mainline) as other:
            write_series(
                tree,
                folder,
                people.baseline,
                reroll,
                builds,
                signoff=signoff,
                prefix=prefix,
                mainline=other,
                checkpatch=checkpatch,
            )


def _hear(folder: Path, mbox: Path, baseline: Path | None) -> None:
    """Say what came of each patch."""
    from datetime import date

    from cocci_gen.runs.answers import hear
    from cocci_gen.runs.baseline import DEFAULT_NAME

    for one in hear(folder, mbox, baseline or Path(DEFAULT_NAME), date.today()):
        click.echo(f"{one.said.value:<13} {clean(one.patch.subject)}")
        for tag in one.tags:
            click.echo(f"              {clean(tag)}")
        if one.verdicts:
            click.echo(f"              {one.verdicts} {'verdict' if one.verdicts == 1 else 'verdicts'} written")


def _mainline(tree: KernelTree, named: str) -> AbstractContextManager[KernelTree | None]:
    """What --mainline names: a revision of the tree, or a repository and, behind a colon, its revision."""
    from cocci_gen.kernel.tree import KernelTree

    if not named:
        return nullcontext(None)
    folder, _, revision = named.partition(":")
    if Path(folder).is_dir():
        return open_tree(Path(folder), revision or "HEAD")
    return KernelTree.open(tree.root, named)


def write_series(
    tree: KernelTree,
    out: Path,
    baseline: Baseline,
    reroll: RerollRequest | None = None,
    builds: Path | None = None,
    *,
    signoff: bool = False,
    prefix: str = "",
    mainline: KernelTree | None = None,
    checkpatch: Path | None = None,
) -> None:
    """Write OUT/series, compiled below the folder `builds` if there is one, and say how to send it."""
    from cocci_gen.kernel.modules import ModuleTree
    from cocci_gen.runs.made_series import make_branches, make_series
    from cocci_gen.series.assembly import NOBODY
    from cocci_gen.series.ladder.builds import Builder

    if builds and isinstance(tree, ModuleTree):
        raise click.UsageError("--build compiles files of the kernel; build the module with its own makefile")
    with progress_shown() if builds else nullcontext(silent) as progress:
        build = Builder(tree, builds, processors(), progress) if builds else None
        done = make_series(
            tree,
            out,
            baseline,
            reroll=reroll,
            build=build,
            signoff=signoff,
            mainline=mainline,
            checkpatch=checkpatch,
        )
    names = make_branches(tree, done.made, prefix) if prefix else ()
    if any(not patch.signed for series in done.made.series for patch in series.patches) and names:
        note(
            "the commits of the branches are not all signed off; accept the findings in review, and make them with --signoff"
        )
    for name in names:
        base = done.made.series[0].base[:12]  # of a module that is a commit of its repository, and none of the kernel's
        click.echo(
            f"branch        {name} (b4 -n --offline-mode -c b4.prep-cover-strategy=branch-description prep -e {base})"
        )
    made = done.made
    if done.anonymous:
        note(f"git knows no user.name and user.email here; the patches are written as {NOBODY.name} <{NOBODY.email}>")
    if build:
        click.echo(f"compiled      {_built(made)} with {build.compiler}")
    for one in made.dropped:
        click.echo(f"dropped       {clean(one.subject)} ({clean(one.series)}): {clean(one.reason)}")
    for warning in (*made.remarks, *made.warnings):
        click.echo(f"warning: {clean(warning)}", err=True)
    if signoff:
        click.echo(_signed(made))
    show_series(out, baseline)


def _signed(made: SeriesSet) -> str:
    """How many patches carry a Signed-off-by now, and why the others do not."""
    patches = [patch for series in made.series for patch in series.patches]
    signed = sum(patch.signed for patch in patches)
    text = f"signed        {signed} of {len(patches)} {'patch' if len(patches) == 1 else 'patches'}"
    if signed == len(patches):
        return text
    return f"{text}; of the others not all findings are accepted in review (cocci-gen review), or git knows no name of yours"


def _built(made: SeriesSet) -> str:
    """How the compilation of all patches went."""
    from collections import Counter

    from cocci_gen.series.ladder.rungs import Rung

    words = {"Passed": "without new warnings", "NotPassed": "not without new warnings", "NotRun": "not built"}
    results = [one for series in made.series for patch in series.patches for one in patch.results]
    counts = Counter(words[type(one).__name__] for one in results if one.rung is Rung.BUILDS)
    return ", ".join(f"{count} {word}" for word, count in counts.items()) or "nothing"
