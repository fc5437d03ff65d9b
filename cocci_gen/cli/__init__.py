"""The command line: the only package that prints, reads the environment or exits; one module per group of verbs.

Exit codes: 0 nothing found, 1 findings, 2 usage or input, 3 incomplete (results stand), 70 a fault of cocci-gen itself,
75 another batch runs, 130 interrupted (also by SIGTERM and SIGHUP), 141 nobody reads the output.
"""

from __future__ import annotations

import click

from cocci_gen import __version__
from cocci_gen.cli import batch, clean, corpus, documents, explain, findings, review, scanning, series
from cocci_gen.cli.session import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cocci-gen")
def main() -> None:
    """Turn the VFS locking tables into reviewable kernel fix series.

    Reads Documentation/filesystems/locking.rst of a kernel tree, makes semantic patches from its tables, runs them with
    Coccinelle, keeps what survives the filters, and writes patch series for `git send-email`. Never sends mail, never
    signs off, never touches your checkout.

    \b
    First steps:
      cocci-gen run --kernel ~/linux -o out          everything: scan, then series
      cocci-gen obligations --kernel ~/linux         what the rules of this tree ask for
    """


for _command in (
    documents.tables,
    documents.obligations,
    documents.generate,
    scanning.scan,
    scanning.run,
    series.series,
    findings.findings,
    findings.schema,
    explain.explain,
    review.review,
    batch.batch,
    clean.clean,
    corpus.corpus,
):
    main.add_command(_command)
