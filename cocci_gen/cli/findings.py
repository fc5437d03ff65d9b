"""The command line: `findings`, and how `scan` and `run` end."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.options import baseline_option, selection_options, source_of
from cocci_gen.cli.session import FOUND, INCOMPLETE, NOTHING, clean, clean_line, note
from cocci_gen.cli.uncommitted import note_of_run

if TYPE_CHECKING:
    from cocci_gen.reports.record import RunRecord
    from cocci_gen.reports.selection import Selection
    from cocci_gen.runs.baseline import Baseline
    from cocci_gen.scan.pipeline import Judged, Scan

FORMATS = ("text", "json", "sarif", "html", "github", "gitlab", "junit")


@click.command(short_help="The findings of a scan as text, HTML, JSON, SARIF and more.")
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="For whom.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file instead of the screen."
)
@selection_options
@click.option(
    "--new-since",
    "before",
    metavar="RUN",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Only what the run in that folder does not have; SARIF then says of each result that it is new.",
)
@click.option("--new", "brought", is_flag=True, help="Of a run of `check`: only what its change brings.")
@click.option("--all", "everything", is_flag=True, help="Also what filters reject, with their reasons.")
@click.option("--kernel", type=click.Path(path_type=Path), default=None, help="The tree of the run, if it has moved.")
@baseline_option
@click.pass_context
def findings(
    ctx: click.Context, folder: Path, form: str, out: Path | None, rules: tuple[str, ...], paths: tuple[str, ...],
    confidences: tuple[str, ...], before: Path | None, brought: bool, everything: bool, kernel: Path | None,
    baseline: Path | None,
) -> None:  # fmt: skip
    """Show the findings of a finished scan (RUN is its folder) to people and to programs.

    For the output folder of a batch, --format html shows its nights.

    Exit codes: 0 nothing is open, 1 open findings, 3 the scan was incomplete. The fields of the JSON are explained by
    `cocci-gen schema`.
    """
    from dataclasses import replace

    from cocci_gen import api
    from cocci_gen.reports.nights import is_batch
    from cocci_gen.reports.record import accepted
    from cocci_gen.reports.selection import unbound_paths
    from cocci_gen.runs.folder import read_findings

    _refuse_nowhere(out)
    if is_batch(folder):
        ctx.exit(_history(folder, form, out, baseline))
    record = api.read(folder, verdicts_of(folder, kernel, baseline))
    known = frozenset(one.finding.fingerprint for one in read_findings(before)) if before else frozenset[str]()
    if brought:
        if not record.header.change:
            raise click.UsageError(
                f"{folder} is no run of `check`, so no change brings anything; --new-since compares runs"
            )
        known |= frozenset(one.finding.fingerprint for one in record.findings) - record.brought
        record = replace(record, gone=())
    note_of_run(record.header, kernel)
    for path in unbound_paths(record, paths):
        note(f"--path {path!r}: no function there is bound by a rule in this run, or there is no such file or folder")
    sure = tuple(api.Confidence(one) for one in confidences)
    selection = api.Selection(rules, paths, sure, known, everything)
    selected = tuple(api.findings(record, selection))
    _put(rendered(record, selected, form, selection, kernel), out)
    open_ = any(map(accepted, selected))
    ctx.exit(INCOMPLETE if not record.complete else FOUND if open_ else NOTHING)


def _refuse_nowhere(out: Path | None) -> None:
    """UsageError for a file in a folder that is not there: a folder made by a slip of the keyboard is never looked into."""
    if out is not None and not out.absolute().parent.is_dir():
        raise click.UsageError(f"-o {out}: there is no folder {out.parent}; make it, or name another one")


def _put(text: str, out: Path | None) -> None:
    """To a file, whole or not at all, or to the screen; a device or a pipe is written into and stays one."""
    from cocci_gen.findings.whole_files import is_stream
    from cocci_gen.runs.folder import write_file

    if out is not None and is_stream(out):
        out.write_bytes(text.encode("utf-8", "replace"))
    elif out is not None:
        write_file(out, text.encode("utf-8", "replace"))
    elif text:
        click.echo(text.removesuffix("\n"))


def _history(folder: Path, form: str, out: Path | None, baseline: Path | None) -> int:
    """The nights of a batch as a page; the exit code."""
    from cocci_gen.errors import UsageProblem
    from cocci_gen.reports.html.page import history_page
    from cocci_gen.reports.nights import read_history
    from cocci_gen.runs.baseline import DEFAULT_NAME, Baseline, read_baseline

    if form != "html":
        raise UsageProblem(
            f"{folder} is the output of a batch: it has a page (--format html), and a run folder per night"
        )
    path = baseline or Path(DEFAULT_NAME)
    verdicts = read_baseline(path) if baseline or os.path.lexists(path) else Baseline()
    _put(history_page(read_history(folder, verdicts)), out)
    return NOTHING


def rendered(
    record: RunRecord, selected: Sequence[Judged], form: str, selection: Selection, kernel: Path | None = None
) -> str:
    """The findings in one of the formats."""
    from cocci_gen.reports import annotations, junit, plain, sarif, text

    if form == "html":
        return _page(record, selection, kernel)
    if form == "json":
        return plain.as_text(plain.report(record, selected))
    if form == "sarif":
        known = selection.known | record.was_there
        return plain.as_text(sarif.sarif(record, selected, known if known or record.header.change else None))
    if form == "junit":
        return junit.junit(record, selected)
    if form == "gitlab":
        return plain.as_text(annotations.gitlab(selected))
    if form == "github":
        return "\n".join(annotations.github(selected))
    lines = [text.finding_line(one, record.baseline, record.mark(one.finding.fingerprint)) for one in selected]
    lines += [f"gone  {text.finding_line(one)}" for one in record.gone if selection.wants(one)]
    return "\n".join(map(clean_line, lines))


def _page(record: RunRecord, selection: Selection, kernel: Path | None) -> str:
    """The page of the run: what filters reject is on it too, with the reasons."""
    from dataclasses import replace

    from cocci_gen.reports.html.page import run_page
    from cocci_gen.reports.selection import select
    from cocci_gen.runs.review import tree_source

    source, _ = tree_source(record.folder, record.header, kernel)
    return run_page(record, select(record.findings, replace(selection, rejected=True)), source)


def verdicts_of(folder: Path, kernel: Path | None, baseline: Path | None) -> Baseline:
    """The verdicts that count for a run, and where they stand told; the tree may be gone by now."""
    from cocci_gen.runs.folder import read_header
    from cocci_gen.runs.people import people_of_run

    header, _ = read_header(folder)
    people = people_of_run(header, kernel, baseline)
    if said := source_of(people):
        note(said)
    return people.baseline


def show_end(folder: Path, scan: Scan, baseline: Baseline) -> None:
    """The end of a scan: its findings as compilers show them, folded when many, then what was not examined."""
    from cocci_gen.reports.record import accepted
    from cocci_gen.reports.selection import Selection, select
    from cocci_gen.reports.text import folded_lines, unexamined_lines

    found = [one for one in select(scan.findings, Selection()) if accepted(one)]
    lines = list(folded_lines(found, baseline=baseline))
    for line in lines:
        click.echo(clean_line(line))
    if any(line.startswith("... ") for line in lines):
        click.echo(clean(f"all of them: cocci-gen findings {folder}"))
    click.echo(clean(f"not examined  {len(scan.unexamined)} (see {folder / 'unexamined.jsonl'})"))
    for line in unexamined_lines(scan.unexamined):
        click.echo(clean_line(f"  {line}"))


def show_series(folder: Path, baseline: Baseline) -> None:
    """Where the series of a run lie, and what is to be done with them."""
    from cocci_gen.reports.record import read_run
    from cocci_gen.reports.text import series_lines

    record = read_run(folder, baseline)
    for line in series_lines(record.series, record):
        click.echo(clean_line(line))


@click.command(short_help="Print a JSON Schema, which explains the fields of a file.")
@click.argument(
    "name",
    type=click.Choice(["finding", "unexamined", "examined", "helpers", "run", "series", "summary", "report", "check"]),
)
def schema(name: str) -> None:
    """Print a JSON Schema, which names and explains every field, of a file of a run or of what is printed.

    finding: a line of findings.jsonl; unexamined, examined, helpers: a line of those files; run: run.json;
    series: series/series.json; summary: summary.json of a batch; report: what `findings --format json` prints;
    check: what `check --format json` prints.
    """
    from cocci_gen.reports.plain import Schema, schema_text

    click.echo(schema_text(Schema(name)).removesuffix("\n"))
