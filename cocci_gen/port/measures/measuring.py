"""A Desk and some folders, or a method -> how near the port comes to what upstream did, in lines for a person."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.port.changes.interface_files import interface_files
from cocci_gen.port.checks.compilation import Checked, check_texts, counts, sample_of
from cocci_gen.port.desk import Desk
from cocci_gen.port.knowledge import Kernels, Lessons, Progress, read_kernels
from cocci_gen.port.lessons.examples import ROOTS
from cocci_gen.port.measures.refactoring import files_of, followed, instances_of, method_change, with_header_change
from cocci_gen.port.measures.replay import MOST, replay_paths, replayed_folder
from cocci_gen.port.measures.upstream_lines import Counts
from cocci_gen.port.pipeline import port_code
from cocci_gen.port.texts.trees import laid_over, narrowed
from cocci_gen.runs.folder import write_file


@dataclass(frozen=True, slots=True)
class Replayed:
    """What is ported without its own example: folders of the tree, or else the file systems of one half (`which`) with no more
    lines of C than `most_lines` (0: the usual bound); how many of the changed files are compiled; and whether none of them
    teaches the others (`together`)."""

    paths: tuple[str, ...] = ()
    which: str = "report"
    most_lines: int = 0
    sample: int = 0
    together: bool = False


def replay(desk: Desk, asked: Replayed, output: Path, runner: SpatchRunner, progress: Progress) -> Iterator[str]:
    """Every folder ported; a line for each as it is done, then the sums, those of the compiler for a sample."""
    lessons = Lessons(read_kernels(desk.old, desk.new, desk.store), ROOTS, progress)
    total = Counts()
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    listed = asked.paths or replay_paths(desk.old, desk.new, asked.which, asked.most_lines or MOST)
    for some in [listed] if asked.together else [(path,) for path in listed]:
        path = some[0] if len(some) == 1 else "together"
        one = replayed_folder(lessons, narrowed(desk.old, some), runner)
        write_file(output / f"{path.replace('/', '-')}.txt", one.text().encode("utf-8", "replace"))
        total += one.counts
        before.update(one.before)
        after.update(one.after)
        yield f"{path:20} {one.counts.row()}"
    yield f"{len(listed)} folders"
    yield from total.lines()
    if asked.sample:
        changed = [path for path in before if path.endswith(".c") and before[path] != after[path]]
        some = sample_of(changed, asked.sample)
        yield f"compiled      {len(some)} of {len(changed)} changed files"
        apart = interface_files(lessons.kernels.evolutions, {path: before[path] for path in some})
        yield from _compiled(desk, before, after, some, apart, output)


def follow(desk: Desk, method: str, examples: int, runner: SpatchRunner, progress: Progress) -> Iterable[str]:
    """One STRUCTURE.METHOD changed in its header alone, and its instances ported; the first files may be as upstream has them."""
    kernels = read_kernels(desk.old, desk.new, desk.store)
    change = method_change(kernels, method)
    instances = instances_of(kernels, change, ["fs"])
    converted = tuple(dict.fromkeys(one.path for one in instances))[:examples]
    changed_tree = laid_over(with_header_change(kernels, change), "desk", dict(desk.new.texts(converted)))
    changed = Kernels(desk.old, changed_tree, read_kernels(desk.old, changed_tree, desk.store).evolutions)
    known = Lessons(changed, ROOTS, progress).without(())
    code = narrowed(changed_tree, files_of(changed_tree, change, instances, ["fs"]))
    port = port_code(changed, known, code, runner)
    return followed(kernels, instances, converted, port.ported.texts).lines()


def _compiled(
    desk: Desk,
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    some: Sequence[str],
    apart: Collection[str],
    output: Path,
) -> Iterator[str]:
    """What the compiler says of some files in both states, of those that are the interface themselves (`apart`) once more; its
    errors go to a file."""
    with desk.build_room() as room:
        every = check_texts(room, desk.trees[1], before, after, in_tree=True, only=some)
    results = counts(every)
    yield from (f"{key:13} {value}" for key, value in results.items() if key != "errors")
    own = [one for one in every if isinstance(one, Checked) and one.path in apart]
    if own:
        sums = (sum(len(one.before) for one in own), sum(len(one.after) for one in own))
        names = ", ".join(one.path for one in own)
        yield f"of these        {sums[0]} before, {sums[1]} after in what defines changed interfaces: {names}"
    write_file(output / "errors.json", json.dumps(results["errors"], indent=1).encode())
