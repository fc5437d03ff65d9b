"""The command line: the only package that prints, reads the environment or exits; one module per group of verbs.

Exit codes: 0 nothing found, 1 findings, 2 usage or input, 3 incomplete (results stand), 70 a fault of cocci-gen itself,
75 another batch runs, 130 interrupted (also by SIGTERM and SIGHUP), 141 nobody reads the output.
"""

from __future__ import annotations

from pathlib import Path

import click

from cocci_gen import __version__
from cocci_gen.cli import batch, check, corpus, documents, explain, findings, manual, port, review, scanning, series
from cocci_gen.cli.clean import clean as clean_command
from cocci_gen.cli.session import Group, clean, journal, listen
from cocci_gen.cli.settings import SCANNING, default_map, user_settings


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cocci-gen")
@click.option("-v", "--verbose", is_flag=True, help="Also tell how long each stage took.")
@click.option(
    "-q", "--quiet", is_flag=True, help="Tell no progress: results on stdout, errors on stderr, nothing else."
)
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Also write stages, times and errors to the end of this file.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=None,
    help="Options of scans, as TOML [default: config.toml in the user's configuration folder, if there is one].",
)
@click.pass_context
def main(ctx: click.Context, verbose: bool, quiet: bool, log: Path | None, config: Path | None) -> None:
    """Turn the VFS locking tables into reviewable kernel fix series.

    Reads Documentation/filesystems/locking.rst of a kernel tree, makes semantic patches from its tables, runs them with
    Coccinelle, keeps what survives the filters, and writes patch series for `git send-email`. Never sends mail, never
    touches your checkout, signs off what you have accepted alone.

    \b
    First steps:
      cocci-gen run --kernel ~/linux -o out            all: scan, then series
      cocci-gen findings out --format html -o a.html   to be read in a browser
      cocci-gen explain out WHAT                       why it was found, or not
      cocci-gen review out                             accept or reject each
      cocci-gen series out --signoff                   with what you accepted
    Instead of a whole kernel:
      cocci-gen scan --kernel ~/linux --module . -o ../out   a module of yours
      cocci-gen check --kernel ~/linux --patch series.mbx    a series by mail
      cocci-gen check --kernel ~/linux --worktree            uncommitted work

    Exit codes: 0 nothing found, 1 findings, 2 usage or input, or an output that cannot be written, 3 incomplete (what there is
    stands), 70 a fault of cocci-gen itself, 75 another batch runs, 130 interrupted, 141 nobody reads the output.
    """
    from cocci_gen.cli.options import command_line

    listen(ctx, verbose - 2 * quiet, log)
    settings = config or user_settings()
    if ctx.invoked_subcommand in SCANNING and (config is not None or settings.is_file()):  # nobody else reads it
        ctx.default_map = default_map(main, settings)
    journal.info("%s", clean(command_line()))


for _command in (
    documents.tables,
    documents.obligations,
    documents.generate,
    scanning.scan,
    scanning.run,
    series.series,
    check.check,
    findings.findings,
    findings.schema,
    explain.explain,
    review.review,
    batch.batch,
    clean_command,
    port.port,
    corpus.corpus,
    manual.completion,
    manual.man,
):
    main.add_command(_command)
