"""The command line: `explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.findings import verdicts_of
from cocci_gen.cli.options import baseline_option
from cocci_gen.cli.session import clean_line
from cocci_gen.cli.uncommitted import note_of_run

if TYPE_CHECKING:
    from cocci_gen.reports.explain import Library
    from cocci_gen.reports.record import RunRecord


@click.command(short_help="Why something was found in a scan, or was not.")
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("what")
@click.option("--kernel", type=click.Path(path_type=Path), default=None, help="The tree of the run, if it has moved.")
@baseline_option
def explain(folder: Path, what: str, kernel: Path | None, baseline: Path | None) -> None:
    """Why something was found in a finished scan (RUN is its folder), or was not.

    WHAT is a fingerprint (or its first digits): why it was found, step by step. A function (or path:function): which
    obligations bind it, and how it stands to each. An obligation id, a method, a kind or a glob of these: what the rules
    demand, where that stands, what looks for breaches, and how the tree stands.
    """
    from cocci_gen.reports import explain as explaining
    from cocci_gen.reports.record import read_run

    record = read_run(folder, verdicts_of(folder, kernel, baseline))
    note_of_run(record.header, kernel)
    for line in explaining.explain(record, what, _library(record, kernel)):
        click.echo(clean_line(line))


def _library(record: RunRecord, kernel: Path | None) -> Library:
    """What this installation and the tree of the run know of the rules."""
    from cocci_gen.cli.corpus import corpus_folder
    from cocci_gen.document.obligations import read_obligations
    from cocci_gen.document.tables import LOCKING_RST
    from cocci_gen.reports.bound_callers import callers_in
    from cocci_gen.reports.explain import Library
    from cocci_gen.reports.html.views import document_of
    from cocci_gen.resources import data_folder
    from cocci_gen.runs.pages import Missing
    from cocci_gen.runs.review import tree_source
    from cocci_gen.scan.pipeline import read_rules

    source, tree = tree_source(record.folder, record.header, kernel)
    path = next((one.finding.obligation.source.path for one in record.findings), LOCKING_RST)
    document = document_of(path, source)
    readings = document if isinstance(document, Missing) else read_obligations(document)
    if not isinstance(readings, Missing) and not isinstance(tree, Missing):
        readings = (*readings, *(one for one in read_rules(tree) if one not in readings))
    corpus = corpus_folder() or Missing("this installation has no corpus beside it")
    callers = tree if isinstance(tree, Missing) else callers_in(tree)
    return Library(readings, data_folder("semantic_patches"), corpus, callers)
