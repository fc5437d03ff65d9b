"""The command line: `tables`, `obligations` and `generate`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.corpus import corpus_folder
from cocci_gen.cli.options import TO_BE_READ, cache_option, default_cache, format_option, processors, rev_option
from cocci_gen.cli.places import Places, module_option, module_rev_option, opened
from cocci_gen.cli.session import FOUND, NOTHING, clean, keeps_files, progress_shown
from cocci_gen.cli.uncommitted import open_tree

if TYPE_CHECKING:
    from cocci_gen.document.listing import Support
    from cocci_gen.document.obligations import Reading
    from cocci_gen.document.tables import RuleDocument
    from cocci_gen.kernel.tree import KernelTree


@click.group(invoke_without_command=True, short_help="Every table, row and sentence of locking.rst.")
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

    from cocci_gen.document.table_listing import document_to_json, document_to_text

    if ctx.invoked_subcommand is not None:
        return
    if kernel is None:
        raise click.UsageError("Missing option '--kernel'.")
    with open_tree(kernel, rev) as tree:
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

    from cocci_gen.document.diff import diff_documents, diff_to_json, diff_to_text

    with open_tree(kernel, rev1) as old, open_tree(other or kernel, rev2) as new:
        changes = diff_documents(_document(old), _document(new))
    click.echo(
        clean(diff_to_text(rev1, rev2, changes))
        if form == "text"
        else json.dumps(diff_to_json(rev1, rev2, changes), indent=2)
    )


@tables.command("beside")
@click.option("--kernel", type=click.Path(path_type=Path), required=True, help="A git repository of the kernel.")
@rev_option
@click.option("--unread", is_flag=True, help="The sentences that ask for something and that no reading fits.")
def tables_beside(kernel: Path, rev: str, *, unread: bool) -> None:
    """What is read in vfs.rst and other documents beside locking.rst, or is not."""
    from cocci_gen.document.beside import beside_to_text, read_beside, texts_beside
    from cocci_gen.document.obligations import obligations as of_document
    from cocci_gen.document.obligations import read_obligations

    with open_tree(kernel, rev) as tree:
        found = read_obligations(_document(tree))
        texts = texts_beside(tree.text_of)
    click.echo(clean(beside_to_text(texts, read_beside(texts, found), of_document(found), unread=unread)))


@click.command(short_help="What each cell and sentence of locking.rst asks for.")
@click.option(
    "--kernel",
    "kernels",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A git repository of the kernel (a checkout or a bare one); repeatable with --summary.",
)
@rev_option
@click.option(
    "--document",
    "files",
    multiple=True,
    type=TO_BE_READ,
    help="A locking.rst without its kernel; repeatable with --summary, and shown before the kernels.",
)
@module_option
@module_rev_option
@cache_option
@click.option("--summary", is_flag=True, help="Only how many cells and sentences are read, tested, and get fixes.")
@format_option
def obligations(
    kernels: tuple[Path, ...], rev: str, files: tuple[Path, ...], module: str, module_rev: str, cache: Path | None,
    summary: bool, form: str,
) -> None:  # fmt: skip
    """Every cell and sentence of locking.rst, and what it asks for; of a module, the functions that are bound."""
    from cocci_gen.document.obligations import read_obligations

    if module:
        if len(kernels) != 1 or len(files) > 1 or summary:
            raise click.UsageError(
                "--module is laid over one --kernel, with one --document at most, and has no --summary"
            )
        places = Places(kernels, (rev,), module, module_rev, next(iter(files), None))
        click.echo(_bound(places, cache, form))
        return
    if not kernels and not files:
        raise click.UsageError("Missing option '--kernel' (or '--document').")
    if len(kernels) + len(files) > 1 and not summary:
        raise click.UsageError("the obligations of one document are listed; for several there is --summary")
    readings = [(name, read_obligations(document)) for name, document in _documents(kernels, rev, files)]
    click.echo(_summarised(readings, form) if summary else _listed(readings[0][1], form))


def _bound(places: Places, cache: Path | None, form: str) -> str:
    """The functions of a module that the rules of a kernel bind."""
    import json

    from cocci_gen.facts.tree.focus import FocusedIndex, focus_on
    from cocci_gen.kernel.modules import ModuleTree
    from cocci_gen.scan.bound import bound_json, bound_methods, bound_text
    from cocci_gen.scan.modules import for_module, module_options
    from cocci_gen.scan.pipeline import ScanOptions, open_index, read_rules

    ((kernel, rev),) = places.each()
    with opened(places, kernel, rev) as tree, progress_shown() as progress:
        assert isinstance(tree, ModuleTree)
        every = read_rules(tree)
        options = module_options(tree, ScanOptions(jobs=processors()))
        index = open_index(tree, cache or default_cache(), every, options, progress)
        try:
            methods = bound_methods(FocusedIndex(index, focus_on(tree.laid)), for_module(every, ()))
        finally:
            index.close()
        if form == "json":
            return json.dumps(bound_json(tree, methods), indent=2)
        return clean("\n".join((*tree.built.notes, "", bound_text(tree, methods))))


def _documents(kernels: Iterable[Path], rev: str, files: Iterable[Path]) -> Iterator[tuple[str, RuleDocument]]:
    """Each document with the name that heads its column."""
    from cocci_gen.document.tables import read_document

    for file in files:
        yield file.stem, read_document(file.read_bytes(), str(file))
    for kernel in kernels:
        with open_tree(kernel, rev) as tree:
            yield tree.root.name if rev == "HEAD" else f"{tree.root.name} {rev}", _document(tree)


def _listed(found: Sequence[Reading], form: str) -> str:
    """All readings of one document."""
    import json

    from cocci_gen.document.listing import obligations_to_json, obligations_to_text

    if form == "json":
        return json.dumps(obligations_to_json(found, _support()), indent=2)
    return clean(obligations_to_text(found, _support()))


def _summarised(readings: Iterable[tuple[str, Sequence[Reading]]], form: str) -> str:
    """The counts of each document."""
    import json

    from cocci_gen.document.listing import count
    from cocci_gen.document.summary import Coverage, summaries_to_json, summaries_to_text

    support = _support()
    summaries = [Coverage(name, count(found, support)) for name, found in readings]
    return json.dumps(summaries_to_json(summaries), indent=2) if form == "json" else clean(summaries_to_text(summaries))


def _support() -> Support:
    """What this copy of cocci-gen can do; only a checkout has a corpus that says what is tested."""
    from cocci_gen.corpus.folder import read_corpus
    from cocci_gen.document.listing import Support
    from cocci_gen.kinds.working import fixing_kinds, working_kinds

    folder = corpus_folder()
    return Support(working_kinds(), fixing_kinds(), read_corpus(folder).tested() if folder else frozenset())


@click.command(short_help="Write semantic_patches/ anew, for `make coccicheck`.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when something would be written.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where they go [default: semantic_patches/].",
)
@click.pass_context
def generate(ctx: click.Context, check: bool, folder: Path | None) -> None:
    """Write semantic_patches/ anew: what `make coccicheck` can use without cocci-gen."""
    from cocci_gen.coccinelle.average import outdated
    from cocci_gen.resources import data_folder
    from cocci_gen.runs.folder import write_file

    if not check:
        keeps_files()
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
    from cocci_gen.document.tables import read_document
    from cocci_gen.scan.pipeline import rule_text

    return read_document(*rule_text(tree))
