"""The command line: `port`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.measuring import MeasuredCommand, MeasuringOption
from cocci_gen.cli.options import (
    build_option,
    cache_option,
    checkpatch_option,
    default_cache,
    format_option,
    jobs_option,
    kernel_option,
    processors,
    spatch_option,
)
from cocci_gen.cli.session import FOUND, INCOMPLETE, NOTHING, clean, clean_line, keeps_files, progress_shown
from cocci_gen.cli.uncommitted import BY_PORT, open_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cocci_gen.kernel.tree import KernelTree


@click.command(cls=MeasuredCommand, short_help="Carry code from one kernel to another.")
@kernel_option
@click.option("--from", "before", default="HEAD", show_default=True, help="Revision that the code was written for.")
@click.option("--to", "after", default="HEAD", show_default=True, help="Revision it is to be carried to, or WORKTREE.")
@click.option(
    "--to-kernel", type=click.Path(path_type=Path), default=None, help="The repository of --to, if it is another one."
)
@click.option("--path", "paths", multiple=True, help="Folder or file of the tree to carry over; repeatable.")
@click.option("--module", type=click.Path(path_type=Path), default=None, help="Folder of a module out of the tree.")
@click.option(
    "--replay",
    "replayed",
    cls=MeasuringOption,
    is_flag=True,
    help="Port each --path without its own example in the new tree, and tell how near upstream's version the result came; "
    "without --path, the file systems of --set.",
)
@click.option(
    "--set",
    "which",
    cls=MeasuringOption,
    type=click.Choice(["tune", "report"]),
    default="report",
    show_default=True,
    help="Which half of the file systems --replay takes: a hash of the name decides.",
)
@click.option(
    "--method",
    cls=MeasuringOption,
    default="",
    help="With --replay: the instances of this STRUCTURE.METHOD follow a change of its header alone, beside upstream's.",
)
@click.option(
    "--examples",
    cls=MeasuringOption,
    default=0,
    show_default=True,
    help="With --method: so many files are converted as upstream did.",
)
@click.option(
    "--most-lines",
    cls=MeasuringOption,
    default=0,
    help="With --replay: only file systems with so many lines of C at most.",
)
@click.option(
    "--sample",
    cls=MeasuringOption,
    default=0,
    help="With --replay: compile so many of the changed files, before and after.",
)
@click.option(
    "--together",
    cls=MeasuringOption,
    is_flag=True,
    help="With --replay: all at once, learned without any of them: one learning in place of one for each.",
)
@click.option("--list", "only_list", is_flag=True, help="Only what changed between the two for this code.")
@click.option(
    "--rules",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of your own rules, which come first.",
)
@click.option(
    "--keep-old",
    is_flag=True,
    help="Put each change under #if LINUX_VERSION_CODE, for code that has to build on both kernels; without patches.",
)
@click.option(
    "-o", "--out", "--output", "output", type=click.Path(path_type=Path), default=None, help="Folder for the result."
)
@click.option(
    "--new-rules/--no-new-rules",
    default=True,
    show_default=True,
    help="Ask of the ported code what locking.rst asks for by now and did not before; reads the new kernel once.",
)
@build_option
@checkpatch_option
@format_option
@cache_option
@jobs_option
@spatch_option
@click.pass_context
def port(
    ctx: click.Context,
    kernel: Path,
    before: str,
    after: str,
    to_kernel: Path | None,
    paths: tuple[str, ...],
    module: Path | None,
    replayed: bool,
    which: str,
    method: str,
    examples: int,
    most_lines: int,
    sample: int,
    together: bool,
    only_list: bool,
    rules: Path | None,
    keep_old: bool,
    output: Path | None,
    new_rules: bool,
    build: bool,
    checkpatch: Path | None,
    form: str,
    cache: Path | None,
    jobs: int | None,
    program: str,
) -> None:
    """Carry code from one kernel to another: what changed in the headers becomes semantic patches, what the tree shows is learned
    from it, and what neither decides is left to you, with examples.

    Exit codes: 0 nothing to do, 1 something changed or is left for you (with --list: what this code meets), 2 usage or input, 3 a
    change was refused, as port.txt tells.

    \b
    cocci-gen port --kernel LINUX --from v6.1 --to v6.12 --module ~/myfs --list
    cocci-gen port --kernel LINUX --from v6.1 --to v6.12 --module ~/myfs -o out
    cocci-gen port --kernel LINUX --from HEAD --to WORKTREE --path fs -o out
    """
    import json

    from cocci_gen.coccinelle.cache import JobCache
    from cocci_gen.coccinelle.spatch import SpatchRunner
    from cocci_gen.port.desk import desk_of
    from cocci_gen.port.making import Asked, mails_of, make_port, met_by
    from cocci_gen.port.measures.measuring import Replayed, follow, replay
    from cocci_gen.port.output.report import check_own, listing, listing_json, summary, write_port
    from cocci_gen.port.output.series import write_port_series
    from cocci_gen.port.texts.trees import WORKTREE
    from cocci_gen.runs.folder import check_folder
    from cocci_gen.runs.making import refuse_output_inside

    if output is None and not only_list:
        raise click.UsageError("Missing option '-o' (or '--list').")
    if not replayed and bool(paths) == (module is not None):
        raise click.UsageError("name the code: either --path (of the tree) or --module (a folder out of it).")
    if output is not None:
        refuse_output_inside(output, [place for place in (kernel, to_kernel, module) if place is not None])
        check_folder(output, port=True)
        if not only_list:
            keeps_files()
        if not replayed:
            check_own(output)
    folder, workers, to_worktree = cache or default_cache(), jobs or processors(), after == WORKTREE
    with ExitStack() as stack:
        store = stack.enter_context(JobCache(folder / "port.sqlite", lambda text: click.echo(clean(text), err=True)))
        trees = _trees(stack, (kernel, before), (to_kernel or kernel, after), to_worktree=to_worktree)
        desk = desk_of(trees, store, folder, workers, to_worktree=to_worktree, one_repository=to_kernel is None)
        asked = Asked(paths, module, rules, new_rules, build, keep_old)
        if output is None or (only_list and not replayed):
            met = met_by(desk, asked)
            click.echo(json.dumps(listing_json(met), indent=2) if form == "json" else clean(listing(met)))
            ctx.exit(FOUND if met else NOTHING)
        runner = stack.enter_context(SpatchRunner(store, workers, program))
        progress = stack.enter_context(progress_shown())
        if replayed:
            some = Replayed(paths, which, most_lines, sample, together)
            told = (
                follow(desk, method, examples, runner, progress)
                if method
                else replay(desk, some, output, runner, progress)
            )
            _print(told)
            ctx.exit(FOUND)
        made = make_port(desk, asked, runner, progress)
        write_port(output, made.port, made.texts)
        series = mails_of(desk, asked, made, checkpatch)
        told = (*summary(made.port, output), *write_port_series(output / "series", series))
    _print(told)
    if made.port.ported.refused:
        ctx.exit(INCOMPLETE)
    ctx.exit(FOUND if made.port.ported.applied or made.port.leftovers else NOTHING)


def _print(lines: Iterable[str]) -> None:
    """Lines for a person, each as it comes."""
    for line in lines:
        click.echo(clean_line(line))


def _trees(
    stack: ExitStack, old: tuple[Path, str], new: tuple[Path, str], *, to_worktree: bool
) -> tuple[KernelTree, KernelTree]:
    """Both kernels, opened at their revisions; the second at HEAD where its work tree is meant."""
    way = "" if to_worktree else BY_PORT
    kernel, revision = new
    first = stack.enter_context(open_tree(*old, way))
    return first, stack.enter_context(open_tree(kernel, "HEAD" if to_worktree else revision, way))
