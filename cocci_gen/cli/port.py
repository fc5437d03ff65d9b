"""The command line: `port`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cocci_gen.cli.options import (
    build_option,
    cache_option,
    default_cache,
    format_option,
    jobs_option,
    kernel_option,
    processors,
    spatch_option,
)
from cocci_gen.cli.session import FOUND, INCOMPLETE, NOTHING, clean, progress_shown
from cocci_gen.cli.uncommitted import BY_PORT, open_tree

if TYPE_CHECKING:
    from cocci_gen.port.report import Port
    from cocci_gen.port.trees import Sources


@click.command()
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
    is_flag=True,
    help="Port --path without its own example in the new tree, and tell how near upstream's version the result came; "
    "without --path, the file systems of the set that is reported on.",
)
@click.option("--list", "only_list", is_flag=True, help="Only what changed between the two for this code.")
@click.option(
    "--rules",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of your own rules, which come first.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=None, help="Folder for the result.")
@build_option
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
    replay: bool,
    only_list: bool,
    rules: Path | None,
    output: Path | None,
    build: bool,
    form: str,
    cache: Path | None,
    jobs: int | None,
    program: str,
) -> None:
    """Carry code from one kernel to another: what changed in the headers becomes semantic patches, what the tree shows is learned
    from it, and what neither decides is left to you, with examples.

    \b
    cocci-gen port --kernel LINUX --from v6.1 --to v6.12 --module ~/myfs --list
    cocci-gen port --kernel LINUX --from v6.1 --to v6.12 --module ~/myfs -o out
    cocci-gen port --kernel LINUX --from HEAD --to WORKTREE --path fs -o out
    """
    import json

    from cocci_gen.coccinelle.cache import JobCache
    from cocci_gen.coccinelle.spatch import SpatchRunner
    from cocci_gen.port.examples import group_of
    from cocci_gen.port.knowledge import read_kernels
    from cocci_gen.port.own_rules import read_own_rules
    from cocci_gen.port.pipeline import port_code, used_by
    from cocci_gen.port.replay import replayed
    from cocci_gen.port.report import listing, listing_json, summary, write_port
    from cocci_gen.runs.folder import check_folder
    from cocci_gen.runs.making import refuse_output_inside

    if output is None and not only_list:
        raise click.UsageError("Missing option '-o' (or '--list').")
    if not replay and bool(paths) == (module is not None):
        raise click.UsageError("name the code: either --path (of the tree) or --module (a folder out of it).")
    if output is not None:
        refuse_output_inside(output, [place for place in (kernel, to_kernel, module) if place is not None])
        check_folder(output)
    folder = cache or default_cache()
    with ExitStack() as stack:
        store = stack.enter_context(JobCache(folder / "port.sqlite", lambda text: click.echo(clean(text), err=True)))
        old, new, code = _sources(stack, kernel, before, after, to_kernel, paths, module, replay=replay)
        kernels = read_kernels(old, new, store)
        if only_list or output is None:
            used = used_by(kernels, code)
            click.echo(json.dumps(listing_json(used), indent=2) if form == "json" else clean(listing(used)))
            ctx.exit(FOUND if used else NOTHING)
        runner = stack.enter_context(SpatchRunner(store, jobs or processors(), program))
        progress = stack.enter_context(progress_shown())
        own = read_own_rules(rules, runner) if rules is not None else ()
        left_out = {group_of(path) for path in code.oids} if replay else set()
        result = port_code(kernels, code, runner, left_out, own_rules=own, cache=store, progress=progress)
        if build:
            result = _built(stack, to_kernel or kernel, after, result, code, folder, jobs, in_tree=module is None)
        write_port(output, result, dict(code.texts(code.below(["."]))))
        texts = dict(code.texts(code.below(["."])))
        told = [*summary(result, output), *(replayed(result, texts, new).lines() if replay else ())]
    for line in told:
        click.echo(clean(line))
    if result.ported.refused:
        ctx.exit(INCOMPLETE)
    ctx.exit(FOUND if result.ported.applied or result.leftovers else NOTHING)


def _built(
    stack: ExitStack,
    kernel: Path,
    revision: str,
    result: Port,
    code: Sources,
    cache: Path,
    jobs: int | None,
    *,
    in_tree: bool,
) -> Port:
    """The result with what the compiler says of the code before and after."""
    from dataclasses import replace

    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.port.compilation import check_texts, counts
    from cocci_gen.port.trees import WORKTREE
    from cocci_gen.series.ladder.build_room import BuildRoom

    tree = stack.enter_context(KernelTree.open(kernel, "HEAD" if revision == WORKTREE else revision))
    room = stack.enter_context(BuildRoom(tree, cache, jobs or processors()))
    before = dict(code.texts(code.below(["."])))
    return replace(result, built=counts(check_texts(room, tree, before, result.ported.texts, in_tree=in_tree)))


def _sources(
    stack: ExitStack,
    kernel: Path,
    before: str,
    after: str,
    to_kernel: Path | None,
    paths: tuple[str, ...],
    module: Path | None,
    *,
    replay: bool,
) -> tuple[Sources, Sources, Sources]:
    """Both kernels and the code at hand."""
    from cocci_gen.port.replay import replay_paths
    from cocci_gen.port.trees import WORKTREE, narrowed, of_folder, of_revision, of_worktree

    way = "" if after == WORKTREE else BY_PORT
    old = of_revision(stack.enter_context(open_tree(kernel, before, way)))
    other = to_kernel or kernel
    if after == WORKTREE:
        new = of_worktree(stack.enter_context(open_tree(other, "HEAD", way)))
    else:
        new = of_revision(stack.enter_context(open_tree(other, after, way)))
    if replay and not paths:
        paths = replay_paths(old, new, "report")
    return old, new, of_folder(module) if module is not None else narrowed(new if after == WORKTREE else old, paths)
