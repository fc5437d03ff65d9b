"""The command line: `review`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.options import baseline_option, selection_options, source_of
from cocci_gen.cli.session import clean, keeps_files, note
from cocci_gen.cli.uncommitted import note_of_run
from cocci_gen.errors import UsageProblem

if TYPE_CHECKING:
    from rich.text import Text

    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.runs.pages import Missing, Source
    from cocci_gen.runs.review import Reviewer
    from cocci_gen.scan.pipeline import Judged


@click.command(short_help="Judge the findings of a scan: accept, reject, later.")
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, exists=True, file_okay=False))
@baseline_option
@click.option("--kernel", type=click.Path(path_type=Path), default=None, help="The tree of the run, if it has moved.")
@selection_options
@click.option("--all", "everything", is_flag=True, help="Also what filters reject and what is judged already.")
@click.option("--list", "listing", is_flag=True, help="List the findings and do nothing else.")
@click.option("--accept", multiple=True, metavar="FINGERPRINT", help="Mark as read and right (repeatable).")
@click.option("--reject", multiple=True, metavar="FINGERPRINT", help="Keep out of series, for a --reason (repeatable).")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept with the verdict.")
@click.option(
    "--status",
    type=click.Choice(["false-positive", "sent", "fixed", "wontfix"]),
    default="false-positive",
    show_default=True,
    help="What --reject records.",
)
@click.option("--who", default="", metavar="NAME", help="Who judges [default: user.name and user.email of git].")
def review(
    folder: Path, baseline: Path | None, kernel: Path | None, everything: bool, listing: bool,
    accept: tuple[str, ...], reject: tuple[str, ...], reason: str, status: str, who: str, rules: tuple[str, ...],
    paths: tuple[str, ...], confidences: tuple[str, ...],
) -> None:  # fmt: skip
    """Judge the findings of a finished scan (RUN is its folder), one by one in a terminal or by options."""
    import datetime as dt

    from cocci_gen.findings.findings import Confidence
    from cocci_gen.reports.selection import Selection, check_selection
    from cocci_gen.runs import review as reviews
    from cocci_gen.runs.baseline import DEFAULT_NAME, Status
    from cocci_gen.runs.folder import read_findings, read_header
    from cocci_gen.runs.pages import list_line
    from cocci_gen.runs.people import People, committed_now, refuse_inside

    header, _ = read_header(folder)
    findings = read_findings(folder)
    note_of_run(header, kernel)
    source, tree = reviews.tree_source(folder, header, kernel)
    path = baseline or Path(DEFAULT_NAME)
    refuse_inside(path, header.kernel)
    own = path.resolve() == (Path(header.tree) / DEFAULT_NAME).resolve()
    under = People() if baseline or own else committed_now(header)
    reviewer = reviews.Reviewer(path, who or _who(tree), dt.datetime.now().astimezone().date(), under.baseline)
    if said := source_of(under):
        note(said)
    judged = [(reviews.find(findings, one), Status.ACCEPTED) for one in accept]
    judged += [(reviews.find(findings, one), Status(status)) for one in reject]
    for one, given in judged:
        reviewer.judge(one, given, reason)
        click.echo(f"{one.finding.fingerprint} {given} in {path}")
    if judged:
        keeps_files()
    if header.module and not baseline and not own:
        _note_place(path, Path(header.tree) / DEFAULT_NAME)
    known = reviewer.baseline()
    narrow = Selection(rules, paths, tuple(map(Confidence, confidences)), rejected=True)
    check_selection({one.finding.obligation.id for one in findings}, narrow)
    waiting = [one for one in reviews.queue(findings, known, everything) if narrow.wants(one)]
    if listing:
        for one in waiting:
            click.echo(list_line(one, known.of(one.finding.fingerprint)))
    elif not judged and waiting:
        _sit(reviewer, source, waiting)
    elif not judged:
        click.echo("nothing is left to judge; --all shows everything")


def _note_place(path: Path, of_module: Path) -> None:
    """Say of a module's verdicts that are given outside its folder who will find them again, and how they get to the module."""
    kept, meant = shlex.quote(str(path.resolve())), shlex.quote(str(of_module))
    note(
        f"verdicts given here go to {clean(kept)}, which later commands find in this folder or by `--baseline {clean(kept)}`; "
        f"`--baseline {clean(meant)}` puts them into the module, where they count everywhere once committed"
    )


def _sit(reviewer: Reviewer, source: Source, waiting: Sequence[Judged]) -> None:
    """A review at the terminal."""
    from rich.console import Console

    from cocci_gen.runs.review import Session, Terminal

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageProblem("review needs a terminal; without one use --list, --accept, --reject")
    console = Console(markup=False, emoji=False, highlight=False)

    def show(text: Text) -> None:
        console.print(text, soft_wrap=True)

    def ask(question: str) -> str:
        return console.input(question, markup=False)

    def in_pager(text: Text) -> None:
        with console.pager(styles=bool(os.environ.get("PAGER")) or "LESS" in os.environ):
            console.print(text, soft_wrap=True)

    def edited(text: str) -> str:
        return click.edit(text) or ""

    session = Session(reviewer, source, Terminal(show, ask, in_pager, edited))
    try:
        session.step(waiting)
    finally:
        given = session.accepted + session.rejected
        where = f"; verdicts are in {reviewer.path}" if given else ""
        click.echo(f"{session.accepted} accepted, {session.rejected} rejected, {session.later} left for later{where}")


def _who(tree: KernelTree | Missing) -> str:
    """Who sits here: git's idea, else the login name."""
    import getpass

    from cocci_gen.kernel.tree import KernelTree

    person = tree.identity() if isinstance(tree, KernelTree) else None
    if person is not None:
        return f"{person.name} <{person.email}>"
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise UsageProblem("nobody knows who you are; say it with --who") from error
