"""The command line: `tables`, `obligations` and `generate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.corpus import corpus_folder
from cocci_gen.cli.options import format_option, kernel_options, rev_option
from cocci_gen.cli.session import FOUND, NOTHING, clean

if TYPE_CHECKING:
    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.tables import RuleDocument


@click.group(invoke_without_command=True)
@click.option(
    "--kernel",
    type=click.Path(path_type=Path),
    default=None,
    help="A git repository of the kernel (a checkout or a bare one).",
)
@rev_option
@format_option
@click.pass_context
def tables(ctx: click.Context, kernel: Path | None, rev: str, form: str) -> None:
    """Every section, table, row, cell and sentence of locking.rst."""
    import json

    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.table_listing import document_to_json, document_to_text

    if ctx.invoked_subcommand is not None:
        return
    if kernel is None:
        raise click.UsageError("Missing option '--kernel'.")
    with KernelTree.open(kernel, rev) as tree:
        document = _document(tree)
    click.echo(
        clean(document_to_text(document)) if form == "text" else json.dumps(document_to_json(document), indent=2)
    )


@tables.command("diff")
@click.option("--kernel", type=click.Path(path_type=Path), required=True, help="A git repository of the kernel.")
@click.option(
    "--other", type=click.Path(path_type=Path), default=None, help="The repository of REV2, if it is another one."
)
@format_option
@click.argument("rev1")
@click.argument("rev2")
def tables_diff(kernel: Path, other: Path | None, form: str, rev1: str, rev2: str) -> None:
    """What changed in the rules from REV1 to REV2, per method."""
    import json

    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.table_diff import diff_documents, diff_to_json, diff_to_text

    with KernelTree.open(kernel, rev1) as old, KernelTree.open(other or kernel, rev2) as new:
        changes = diff_documents(_document(old), _document(new))
    click.echo(
        clean(diff_to_text(rev1, rev2, changes))
        if form == "text"
        else json.dumps(diff_to_json(rev1, rev2, changes), indent=2)
    )


@click.command()
@kernel_options
@format_option
def obligations(kernel: Path, rev: str, form: str) -> None:
    """Every cell and sentence of locking.rst, and what it asks for."""
    import json

    from cocci_gen.corpus import read_corpus
    from cocci_gen.kernel_tree import KernelTree
    from cocci_gen.kinds import RULES
    from cocci_gen.obligation_listing import Support, obligations_to_json, obligations_to_text
    from cocci_gen.obligations import WITHOUT_TEMPLATE, read_obligations

    with KernelTree.open(kernel, rev) as tree:
        readings = read_obligations(_document(tree))
    folder = corpus_folder()
    support = Support(frozenset(RULES) | WITHOUT_TEMPLATE, read_corpus(folder).tested() if folder else frozenset())
    click.echo(
        clean(obligations_to_text(readings, support))
        if form == "text"
        else json.dumps(obligations_to_json(readings, support), indent=2)
    )


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when something would be written.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where they go [default: semantic_patches/].",
)
@click.pass_context
def generate(ctx: click.Context, check: bool, folder: Path | None) -> None:
    """Write semantic_patches/ anew: what `make coccicheck` can use without cocci-gen."""
    from cocci_gen.average import outdated
    from cocci_gen.resources import data_folder
    from cocci_gen.run_folder import write_file

    changed = outdated(folder or data_folder("semantic_patches"))
    for path, text in changed.items():
        if check:
            click.echo(f"outdated {path}")
        elif text:
            write_file(path, text.encode("utf-8"))
            click.echo(f"wrote {path}")
        else:
            path.unlink()
            click.echo(f"removed {path}")
    ctx.exit(FOUND if check and changed else NOTHING)


def _document(tree: KernelTree) -> RuleDocument:
    from cocci_gen.pipeline import rule_text
    from cocci_gen.tables import read_document

    return read_document(*rule_text(tree))
