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
from cocci_gen.cli.session import FOUND, INCOMPLETE, NOTHING, clean, progress_shown
from cocci_gen.cli.uncommitted import BY_PORT, open_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cocci_gen.coccinelle.cache import JobCache
    from cocci_gen.coccinelle.spatch import SpatchRunner
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.port.knowledge import Kernels
    from cocci_gen.port.report import Port
    from cocci_gen.port.series import PortSeries
    from cocci_gen.port.trees import Sources


@click.command(cls=MeasuredCommand)
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
    replay: bool,
    which: str,
    method: str,
    examples: int,
    most_lines: int,
    sample: int,
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

    \b
    cocci-gen port --kernel LINUX --from v6.1 --to v6.12 --module ~/myfs --list
    cocci-gen port --kernel LINUX --from v6.1 --to v6.12 --module ~/myfs -o out
    cocci-gen port --kernel LINUX --from HEAD --to WORKTREE --path fs -o out
    """
    import json
    from dataclasses import replace

    from cocci_gen.coccinelle.cache import JobCache
    from cocci_gen.coccinelle.spatch import SpatchRunner
    from cocci_gen.port.breaches import Room, with_breaches
    from cocci_gen.port.examples import ROOTS
    from cocci_gen.port.history import direction
    from cocci_gen.port.instances import read_code
    from cocci_gen.port.knowledge import Teaching, kept_knowledge, read_kernels, types_of
    from cocci_gen.port.own_rules import read_own_rules
    from cocci_gen.port.pipeline import port_code
    from cocci_gen.port.report import kept_old, listing, listing_json, summary, write_port
    from cocci_gen.port.series import write_port_series
    from cocci_gen.port.trees import WORKTREE
    from cocci_gen.port.used import used_by
    from cocci_gen.port.versions import guard_version
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
        trees = _trees(stack, kernel, before, after, to_kernel)
        old, new = _kernels(trees, after)
        told_of_history = direction(trees[0], trees[0].commit, trees[1].commit) if to_kernel is None else ()
        if replay and output is not None:
            runner = stack.enter_context(SpatchRunner(store, jobs or processors(), program))
            told = (
                _followed(stack, old, new, method, examples, runner, store)
                if method
                else _replayed(
                    stack,
                    old,
                    new,
                    paths,
                    which,
                    most_lines,
                    sample,
                    output,
                    runner,
                    store,
                    (to_kernel or kernel, after),
                    folder,
                    jobs or processors(),
                )
            )
            for line in told:
                click.echo(clean(line))
            ctx.exit(FOUND)
        kernels = read_kernels(old, new, store)
        code, decided, notes = _code(kernels, trees, after, paths, module)
        if only_list or output is None:
            whole = read_code(code.texts(code.below(["."])), frozenset())
            used = used_by(kernels, whole, types_of(kernels.old))
            click.echo(json.dumps(listing_json(used), indent=2) if form == "json" else clean(listing(used)))
            ctx.exit(FOUND if used else NOTHING)
        runner = stack.enter_context(SpatchRunner(store, jobs or processors(), program))
        progress = stack.enter_context(progress_shown())
        own = read_own_rules(rules, runner) if rules is not None else ()
        known = kept_knowledge(kernels, Teaching((), ROOTS), store, progress)

        def ported(known_conditions: Mapping[str, bytes]) -> Port:
            return port_code(kernels, known, code, runner, own_rules=own, progress=progress, decided=known_conditions)

        result = ported(decided)
        if module is not None:
            result = _seen_by_new(result, trees, kernels, module, code, decided, ported)
        result = replace(result, remarks=(*result.remarks, *notes, *told_of_history))
        if new_rules and after != WORKTREE:
            room = Room(runner, folder, jobs or processors())
            result = with_breaches(result, trees, room, progress, in_tree=module is None)
        if build:
            result = _built(stack, to_kernel or kernel, after, result, code, folder, jobs, in_tree=module is None)
        texts = dict(code.texts(code.below(["."])))
        if keep_old:
            result = kept_old(result, texts, guard_version(old.version() or (0, 0, 0), new.version() or (0, 0, 0)))
        write_port(output, result, texts)
        series = (
            ()
            if keep_old
            else _series(
                stack, kernel, before, after if to_kernel is None else "", new, result, texts, module, checkpatch
            )
        )
        told = (*summary(result, output), *write_port_series(output / "series", series))
    for line in told:
        click.echo(clean(line))
    if result.ported.refused:
        ctx.exit(INCOMPLETE)
    ctx.exit(FOUND if result.ported.applied or result.leftovers else NOTHING)


def _replayed(
    stack: ExitStack,
    old: Sources,
    new: Sources,
    paths: tuple[str, ...],
    which: str,
    most_lines: int,
    sample: int,
    output: Path,
    runner: SpatchRunner,
    store: JobCache,
    new_place: tuple[Path, str],
    cache: Path,
    jobs: int,
) -> Iterator[str]:
    """Every folder ported without its own example; a line for each, and the sums, those of the compiler for a sample."""
    import json

    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.port.compilation import check_texts, counts, sample_of
    from cocci_gen.port.examples import ROOTS
    from cocci_gen.port.knowledge import Lessons, read_kernels
    from cocci_gen.port.replay import MOST, Counts, replay_paths, replayed_folder
    from cocci_gen.port.trees import narrowed
    from cocci_gen.runs.folder import write_file
    from cocci_gen.series.ladder.build_room import BuildRoom

    lessons = Lessons(read_kernels(old, new, store), ROOTS, stack.enter_context(progress_shown()))
    total = Counts()
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    listed = paths or replay_paths(old, new, which, most_lines or MOST)
    for path in listed:
        replay = replayed_folder(lessons, narrowed(old, [path]), runner)
        write_file(output / f"{path.replace('/', '-')}.txt", replay.text().encode("utf-8", "replace"))
        total += replay.counts
        before.update(replay.before)
        after.update(replay.after)
        yield f"{path:20} {replay.counts.row()}"
    yield f"{len(listed)} folders"
    yield from total.lines()
    if sample:
        tree = stack.enter_context(KernelTree.open(*new_place))
        room = stack.enter_context(BuildRoom(tree, cache, jobs))
        changed = [path for path in before if path.endswith(".c") and before[path] != after[path]]
        some = sample_of(changed, sample)
        results = counts(check_texts(room, tree, before, after, in_tree=True, only=some))
        yield f"compiled      {len(some)} of {len(changed)} changed files"
        yield from (f"{key:13} {value}" for key, value in results.items() if key != "errors")
        write_file(output / "errors.json", json.dumps(results["errors"], indent=1).encode())


def _followed(
    stack: ExitStack, old: Sources, new: Sources, method: str, examples: int, runner: SpatchRunner, store: JobCache
) -> Iterable[str]:
    """One method changed in its header alone, and its instances ported; the first files may be as upstream has them."""
    from cocci_gen.port.examples import ROOTS
    from cocci_gen.port.knowledge import Kernels, Lessons, read_kernels
    from cocci_gen.port.pipeline import port_code
    from cocci_gen.port.refactoring import files_of, followed, instances_of, method_change, with_header_change
    from cocci_gen.port.trees import laid_over, narrowed

    kernels = read_kernels(old, new, store)
    change = method_change(kernels, method)
    instances = instances_of(kernels, change, ["fs"])
    converted = tuple(dict.fromkeys(one.path for one in instances))[:examples]
    desk = laid_over(with_header_change(kernels, change), "desk", dict(new.texts(converted)))
    changed = Kernels(old, desk, read_kernels(old, desk, store).evolutions)
    known = Lessons(changed, ROOTS, stack.enter_context(progress_shown())).without(())
    port = port_code(changed, known, narrowed(desk, files_of(desk, change, instances, ["fs"])), runner)
    return followed(kernels, instances, converted, port.ported.texts).lines()


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


def _series(
    stack: ExitStack,
    kernel: Path,
    revision: str,
    after: str,
    new: Sources,
    result: Port,
    texts: dict[str, bytes],
    module: Path | None,
    checkpatch: Path | None,
) -> tuple[PortSeries, ...]:
    """The mails for what was ported; those for a module go to whom its own cocci-gen.toml names."""
    from cocci_gen.kernel.module_settings import maintainers_of, read_settings
    from cocci_gen.kernel.modules import NoRepository, open_module
    from cocci_gen.kernel.subject_prefix import Prefix, find_prefixes
    from cocci_gen.kernel.tree import KernelTree
    from cocci_gen.port.history import commits_of
    from cocci_gen.port.modules import without_version
    from cocci_gen.port.protocols import protocol_changes, rows_of
    from cocci_gen.port.series import Addressee, port_series
    from cocci_gen.port.trees import WORKTREE, of_revision
    from cocci_gen.series.assembly import NOBODY, read_maintainers
    from cocci_gen.series.mails.commits import base_date

    if not result.ported.applied:
        return ()
    tree = stack.enter_context(KernelTree.open(kernel, revision))
    person = tree.identity() or NOBODY
    if module is None:
        people = read_maintainers(tree)

        def section(path: str) -> str:
            found = people.leading_section(path)
            return found.title if found and found.title else "no section"

        addressee = Addressee(section, people, find_prefixes(tree, texts), person, tree.commit, base_date(tree))
    else:
        opened = open_module(str(module))
        settings = read_settings(opened)
        code = tree if isinstance(opened.repository, NoRepository) else opened.repository
        name = without_version(settings.name)
        prefix = Prefix(settings.prefix or f"{name}: ", capital=False, source="the name of the module")
        addressee = Addressee(
            lambda path: name, maintainers_of(settings), dict.fromkeys(texts, prefix), person, "", base_date(code)
        )
    rows = rows_of(protocol_changes(of_revision(tree), new))
    commits: Mapping[str, str] = {}
    if after not in ("", WORKTREE):
        done = {one.rule.evolution for one in result.ported.applied}
        later = stack.enter_context(KernelTree.open(kernel, after)).commit
        commits = commits_of(
            tree, tree.commit, later, [one.evolution for one in result.used if one.evolution.id in done]
        )
    return port_series(result, texts, addressee, rows, commits, checkpatch)


def _trees(
    stack: ExitStack, kernel: Path, before: str, after: str, to_kernel: Path | None
) -> tuple[KernelTree, KernelTree]:
    """Both kernels, opened; HEAD where the second is a work tree."""
    from cocci_gen.port.trees import WORKTREE

    way = "" if after == WORKTREE else BY_PORT
    old = stack.enter_context(open_tree(kernel, before, way))
    return old, stack.enter_context(open_tree(to_kernel or kernel, "HEAD" if after == WORKTREE else after, way))


def _kernels(trees: tuple[KernelTree, KernelTree], after: str) -> tuple[Sources, Sources]:
    """The texts of both kernels."""
    from cocci_gen.port.trees import WORKTREE, of_revision, of_worktree

    old, new = trees
    return of_revision(old), of_worktree(new) if after == WORKTREE else of_revision(new)


def _seen_by_new(
    result: Port,
    trees: tuple[KernelTree, KernelTree],
    kernels: Kernels,
    module: Path,
    code: Sources,
    decided: Mapping[str, bytes],
    again: Callable[[Mapping[str, bytes]], Port],
) -> Port:
    """The result without what the new kernel does not compile of it, and with what neither kernel has."""
    from dataclasses import replace

    from cocci_gen.kernel.modules import open_module
    from cocci_gen.port.new_view import NewView
    from cocci_gen.port.uncompiled import compiled_only
    from cocci_gen.port.undeclared import undeclared

    opened = open_module(str(module))
    view = NewView(opened, trees, result.ported.texts)
    result = compiled_only(result, view, dict(code.texts(code.oids)), decided, again)
    view = NewView(opened, trees, result.ported.texts) if result.apart else view
    strangers = undeclared(view, (kernels.old, kernels.new), result.leftovers)
    left = sorted((*result.leftovers, *strangers), key=lambda one: (one.path, one.line, one.evolution))
    return replace(result, leftovers=tuple(left))


def _code(
    kernels: Kernels, trees: tuple[KernelTree, KernelTree], after: str, paths: tuple[str, ...], module: Path | None
) -> tuple[Sources, Mapping[str, bytes], tuple[str, ...]]:
    """The code at hand, the same with conditions decided, and what that rests on in words."""
    from cocci_gen.kernel.modules import open_module
    from cocci_gen.port.modules import read_module
    from cocci_gen.port.trees import WORKTREE, narrowed

    if module is None:
        return narrowed(kernels.new if after == WORKTREE else kernels.old, paths), {}, ()
    found = read_module(open_module(str(module)), *trees, kernels.new.version() or (0, 0, 0))
    return found.sources, found.decided, found.notes
