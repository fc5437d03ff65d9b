"""The command line: `batch`."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.options import command_line, default_cache, format_option, processors
from cocci_gen.cli.process import give_up_output, say_last
from cocci_gen.cli.session import (
    BUSY,
    FOUND,
    INCOMPLETE,
    NOTHING,
    clean,
    clean_line,
    keeps_files,
    progress_shown,
    silent,
    unwritten,
    warn,
)
from cocci_gen.cli.uncommitted import note_of_place
from cocci_gen.errors import CocciGenError

if TYPE_CHECKING:
    from cocci_gen.runs.nightly.batch import Night
    from cocci_gen.runs.nightly.config import BatchConfig, BatchTarget
    from cocci_gen.runs.nightly.summary import NightSummary, TargetOutcome

_STALE = ("fingerprint", "status", "file", "function", "reason")


@click.command(short_help="Trees x revisions, every night; series only of what is new.")
@click.argument("config", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@format_option
@click.pass_context
def batch(ctx: click.Context, config: Path, form: str) -> None:
    """Scan the trees and revisions of CONFIG (TOML); series only of what is new since last time. Made for cron.

    Fetches nothing. Exit codes: 0 nothing new, 1 new findings, 3 a tree failed or is incomplete, or what the night found
    could not be written down, 75 another batch runs.
    """
    from cocci_gen.runs.nightly.batch import BatchBusy, alone, run_target
    from cocci_gen.runs.nightly.config import read_config
    from cocci_gen.runs.nightly.readiness import check_file
    from cocci_gen.runs.nightly.summary import summarise

    keeps_files()
    settings = read_config(config)
    check_file(settings)
    outcomes, telling = [], _Telling()
    try:
        with alone(settings.output):
            night = _night(settings)
            for target in settings.targets:
                _note_uncommitted(target)
                with progress_shown() if sys.stderr.isatty() else nullcontext(silent) as progress:
                    outcomes.append(run_target(night, target, progress))
                telling.attempt(partial(_tell_outcome, outcomes[-1], form))
            summary = summarise(night.today, outcomes)
            _tell_summary(night, summary, form, telling)
    except BatchBusy as error:
        click.echo(f"cocci-gen: {clean(str(error))}", err=True)
        ctx.exit(BUSY)
    ctx.exit(INCOMPLETE if not summary.complete or telling.failed else FOUND if summary.new else NOTHING)


class _Telling:
    """What a batch tells of its night: a disk that is full for one part of it takes none of the others, nor the exit code."""

    def __init__(self) -> None:
        """Nothing has failed yet."""
        self._said: set[str] = set()

    @property
    def failed(self) -> bool:
        """Whether any part could not be written."""
        return bool(self._said)

    def attempt(self, part: Callable[[], None]) -> bool:
        """Tell one part; False, with the reason on stderr, where it cannot be written."""
        try:
            part()
        except CocciGenError as error:
            self._fails(clean(str(error)))
        except OSError as error:
            if error.errno == errno.EPIPE:  # nobody reads it any more, which ends the run as ever
                raise
            give_up_output()
            self._fails(unwritten(error))
        else:
            return True
        return False

    def _fails(self, why: str) -> None:
        if why not in self._said:
            say_last(f"cocci-gen: {why}")
        self._said.add(why)


def _tell_outcome(outcome: TargetOutcome, form: str) -> None:
    from cocci_gen.reports.night import night_lines
    from cocci_gen.runs.nightly.summary import Done, outcome_line

    click.echo(clean_line(outcome_line(outcome)), err=form == "json")
    if form != "json" and isinstance(outcome, Done):  # the JSON has them
        for line in night_lines(outcome):
            click.echo(clean_line(line))


def _tell_summary(night: Night, summary: NightSummary, form: str, telling: _Telling) -> None:
    """The files beside the nights, then the same for who reads the output; what reached neither is told the next time."""
    from cocci_gen.runs.nightly.summary import was_told, write_summary

    output = night.config.output
    kept = telling.attempt(partial(write_summary, output, summary))
    if kept:
        telling.attempt(partial(_write_page, night))
    read = telling.attempt(partial(_say_summary, summary, form))
    if kept and read:
        telling.attempt(partial(was_told, output, summary))


def _say_summary(summary: NightSummary, form: str) -> None:
    import json

    for stale in summary.stale():
        click.echo(clean(f"stale verdict: {' '.join(str(stale[key]) for key in _STALE)}"), err=True)
    click.echo(clean(json.dumps(summary.json(), indent=2, sort_keys=True) if form == "json" else summary.line()))


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

    from cocci_gen.runs.nightly.batch import Night
    from cocci_gen.runs.nightly.readiness import find_spatch
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
