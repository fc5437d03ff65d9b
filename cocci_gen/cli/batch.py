"""The command line: `batch`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.options import command_line, default_cache, format_option, processors
from cocci_gen.cli.session import BUSY, FOUND, INCOMPLETE, NOTHING, clean, progress_shown, silent, warn
from cocci_gen.cli.uncommitted import note_of_place

if TYPE_CHECKING:
    from cocci_gen.runs.nightly.batch import Night
    from cocci_gen.runs.nightly.config import BatchConfig, BatchTarget

_STALE = ("fingerprint", "status", "file", "function", "reason")


@click.command()
@click.argument("config", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option
@click.pass_context
def batch(ctx: click.Context, config: Path, form: str) -> None:
    """Scan the trees and revisions of CONFIG (TOML); series only of what is new since last time. Made for cron.

    Fetches nothing. Exit codes: 0 nothing new, 1 new findings, 3 a tree failed or is incomplete, 75 another batch runs.
    """
    import json

    from cocci_gen.runs.nightly.batch import BatchBusy, alone, run_target
    from cocci_gen.runs.nightly.config import read_config
    from cocci_gen.runs.nightly.summary import outcome_line, summarise, was_told, write_summary

    settings = read_config(config)
    outcomes = []
    try:
        with alone(settings.output):
            night = _night(settings)
            for target in settings.targets:
                _note_uncommitted(target)
                with progress_shown() if sys.stderr.isatty() else nullcontext(silent) as progress:
                    outcomes.append(run_target(night, target, progress))
                click.echo(clean(outcome_line(outcomes[-1])), err=form == "json")
            summary = summarise(night.today, outcomes)
            write_summary(settings.output, summary)
            _write_page(night)
            for stale in summary.stale():
                click.echo(clean(f"stale verdict: {' '.join(str(stale[key]) for key in _STALE)}"), err=True)
            text = json.dumps(summary.json(), indent=2, sort_keys=True) if form == "json" else summary.line()
            click.echo(clean(text))
            was_told(settings.output, summary)
    except BatchBusy as error:
        click.echo(f"cocci-gen: {clean(str(error))}", err=True)
        ctx.exit(BUSY)
    ctx.exit(INCOMPLETE if not summary.complete else FOUND if summary.new else NOTHING)


def _note_uncommitted(target: BatchTarget) -> None:
    """Of the kernel, and of the module where there is one."""
    note_of_place(target.path, target.revision)
    if target.module:
        note_of_place(Path(target.module.partition(":")[0]), target.module_revision or "HEAD")


def _write_page(night: Night) -> None:
    """The page of all nights, beside the summary."""
    from cocci_gen.reports.html.page import history_page
    from cocci_gen.reports.nights import read_history
    from cocci_gen.runs.folder import write_file

    output = night.config.output
    page = history_page(read_history(output, night.people.baseline))
    write_file(output / "nights.html", page.encode("utf-8", "replace"))


def _night(config: BatchConfig) -> Night:
    """What is the same for all targets."""
    import datetime as dt

    from cocci_gen.runs.nightly.batch import Night, find_spatch
    from cocci_gen.runs.nightly.verdicts import read_verdicts

    verdicts = read_verdicts(config)
    if verdicts.missing:
        warn(verdicts.missing)
    return Night(
        config=config,
        cache=config.cache or default_cache(),
        jobs=config.jobs or processors(),
        verdicts=verdicts,
        today=dt.datetime.now().astimezone().date(),
        command=command_line(),
        version=find_spatch(config),
    )
