"""KernelTree -> a finished run folder; nothing is printed here.

A scan that is remembered knows nothing of series (`made_series`), whose modules take a twentieth of its time to load.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from cocci_gen import __version__
from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.cluster import cluster
from cocci_gen.coccinelle.spatch import SpatchRunner, find_version
from cocci_gen.document.obligations import Obligation
from cocci_gen.errors import UsageProblem
from cocci_gen.facts.tree.focus import Everything, Focus
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.index_file import BrokenIndexError
from cocci_gen.filters import Accepted
from cocci_gen.kernel.completeness import check_complete
from cocci_gen.kernel.modules import ModuleTree
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.own_words import speaking
from cocci_gen.runs.folder import (
    RunHeader,
    check_own,
    write_run,
)
from cocci_gen.runs.memory import Memory, setup_key
from cocci_gen.runs.people import People
from cocci_gen.runs.rulings import Scope, Stale, ruled, scope_of, stale_rulings
from cocci_gen.scan.asked import plain_paths
from cocci_gen.scan.below import focus_below
from cocci_gen.scan.modules import for_module, module_json, module_options
from cocci_gen.scan.pipeline import (
    Examination,
    Judged,
    Progress,
    Scan,
    ScanOptions,
    beside_nearer,
    check_paths,
    chosen_obligations,
    open_index,
    read_rules,
)
from cocci_gen.scan.relative import relative_scan


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for; `notes` go into the options of run.json, jobs to the Dask cluster of `scheduler`, if any."""

    options: ScanOptions
    out: Path
    cache: Path
    program: str
    command: str
    people: People = field(default_factory=People)
    notes: dict[str, object] = field(default_factory=dict)
    scheduler: str = ""
    certificates: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its scan with people's verdicts, the verdicts that fit nothing any more, what it looked at."""

    scan: Scan
    header: RunHeader
    stale: tuple[Stale, ...]
    scope: Scope

    @property
    def accepted(self) -> tuple[Judged, ...]:
        """The findings that nothing speaks against."""
        return tuple(one for one in self.scan.findings if isinstance(one.verdict, Accepted))

    @property
    def incomplete(self) -> bool:
        """Whether jobs failed; the results that are there stand."""
        return is_incomplete(self.scan)


def is_incomplete(scan: Scan) -> bool:
    """Whether jobs failed or did not finish; what cannot be parsed stays so and is only counted."""
    return any(map(unanswered, scan.unexamined))


def unanswered(one: Unexamined) -> bool:
    """Whether a job failed or did not finish: asked again, it may answer."""
    return one.reason.startswith(("spatch failed", "spatch did not finish"))


def roots_of(tree: KernelTree) -> tuple[Path, ...]:
    """The folders that a tree is read from: the kernel, and the module that is laid over it."""
    return (tree.root, tree.module.root) if isinstance(tree, ModuleTree) else (tree.root,)


def refuse_output_inside(folder: Path, roots: Iterable[Path]) -> None:
    """UsageProblem for an output inside a kernel or a module: a checkout is read and never written to."""
    for root in roots:
        if folder.resolve().is_relative_to(root.resolve()):
            raise UsageProblem(f"the output {folder} lies in {root}, which is only read; choose a folder outside of it")


def make_run(tree: KernelTree, request: Request, progress: Progress = lambda stage, done, total: None) -> Run:
    """Scan a tree, write the run folder, tell how it went; a CocciGenError leaves no run.json."""
    refuse_output_inside(request.out, roots_of(tree))
    check_own(request.out)
    with speaking(request.people.words):
        return _made(tree, request, progress)


def _made(tree: KernelTree, request: Request, progress: Progress) -> Run:
    """The run, with the words that its people speak."""
    check_complete(tree)
    every = read_rules(tree)
    chosen = chosen_obligations(every, request.options.rules)
    root = tree.module.root if isinstance(tree, ModuleTree) else tree.root
    request = replace(request, options=replace(request.options, paths=plain_paths(root, request.options.paths)))
    inner = request
    if isinstance(tree, ModuleTree):
        chosen = for_module(chosen, request.options.rules)
        inner = replace(request, options=module_options(tree, request.options))
    else:
        check_paths(tree, request.options.paths)
    version = find_version(request.program)
    with JobCache(request.cache / "jobs.sqlite") as cache:
        memory = Memory(cache, setup_key(inner.options, version))
        remembered = memory.of(tree, chosen)
        if remembered is not None:
            scan = remembered
            memory.note(tree)
        else:
            try:
                scan = _scanned(tree, inner, memory, every, chosen, progress)
            except BrokenIndexError:  # put aside by now; what it said until then is not believed
                scan = _scanned(tree, inner, memory, every, chosen, progress)
            if not is_incomplete(scan):
                memory.keep(tree, scan)
    return _written(tree, request, beside_nearer(scan), version)


def _scanned(
    tree: KernelTree,
    request: Request,
    memory: Memory,
    every: Sequence[Obligation],
    chosen: Sequence[Obligation],
    progress: Progress,
) -> Scan:
    """A scan that is not remembered, its jobs done in threads of this machine or by the workers of a cluster."""
    with _executor(request):
        pass  # nobody waits minutes for an index to be told that nobody works
    # It forks, and the client of a cluster has threads: one after the other.
    index = open_index(tree, request.cache, every, request.options, progress)
    try:
        with (
            _executor(request) as executor,
            SpatchRunner(memory.cache, request.options.jobs, request.program, executor) as runner,
        ):

            def look(
                which: KernelTree, of: KernelIndex, focus: Focus | Everything, asked: Sequence[Obligation]
            ) -> Scan:
                options = replace(request.options, focus=focus)
                return Examination(which, of, runner, options).scan(asked, progress)

            def reopen(before: KernelTree) -> KernelIndex:
                alone = replace(request.options, jobs=0)  # no fork: the client of a cluster has threads by now
                return open_index(before, request.cache, every, alone, progress, index)

            found = memory.incremental(tree, index, tuple(chosen), look, reopen)
            return found or look(tree, index, _focus(request, index), chosen)
    finally:
        index.close()


def _focus(request: Request, index: KernelIndex) -> Focus | Everything:
    """The functions that a scan has to look at; who calls what is known by now."""
    options = request.options
    below = bool(options.paths) and isinstance(options.focus, Everything)
    return focus_below(index, options.paths) if below else options.focus


def _executor(request: Request) -> AbstractContextManager[Executor | None]:
    """The cluster that the jobs go to, if one was named."""
    return cluster(request.scheduler, request.program, request.certificates) if request.scheduler else nullcontext()


def _written(tree: KernelTree, request: Request, scan: Scan, spatch_version: str) -> Run:
    """The scan with people's verdicts, in its folder."""
    return write_scan(
        tree, request, relative_scan(scan, tree) if isinstance(tree, ModuleTree) else scan, spatch_version
    )


def write_scan(
    tree: KernelTree,
    request: Request,
    scan: Scan,
    spatch_version: str,
    change: Mapping[str, object] = MappingProxyType({}),
    beside: Mapping[str, bytes] = MappingProxyType({}),
) -> Run:
    """A scan of a tree, the paths of a module relative to it -> the run with people's verdicts, in its folder.

    `change` says of a checked change what run.json tells of it, `beside` are its own files.
    """
    options = request.options
    baseline = request.people.baseline
    scan = replace(scan, findings=ruled(scan.findings, baseline))
    scope = scope_of(scan, options.rules, options.paths)
    module = tree.module if isinstance(tree, ModuleTree) else None

    def paths() -> Collection[str]:
        return module.files if module else tree.blobs()

    # A check looks at a few functions: what it does not find may still be there.
    stale = () if change else stale_rulings(baseline, scan.findings, scope, paths)
    header = RunHeader(
        tree=str(module.root if module else tree.root),
        revision=module.revision if module else tree.revision,
        commit=module.commit if module else tree.commit,
        kernel_version=kernel_version(tree),
        tool_version=__version__,
        spatch_version=spatch_version,
        command=request.command,
        options={
            "rules": list(options.rules),
            "paths": list(options.paths),
            "timeout": options.timeout,
            **request.notes,
        },
        baseline={
            "file": request.people.file,
            "verdicts": len(baseline.rulings),
            "stale": [stale_json(one) for one in stale],
        },
        module=module_json(tree) if isinstance(tree, ModuleTree) else {},
        change=dict(change),
    )
    write_run(request.out, scan, header, beside)
    return Run(scan, header, stale, scope)


def stale_json(stale: Stale) -> dict[str, object]:
    """A stale verdict as plain values."""
    one = stale.ruling
    return {
        "fingerprint": one.fingerprint,
        "obligation": one.obligation,
        "file": one.file,
        "function": one.function,
        "status": one.status.value,
        "reason": stale.reason,
        "perhaps": list(stale.perhaps),
    }


def kernel_version(tree: KernelTree) -> str:
    """The version that the top Makefile of a tree states, or "" where it states none."""
    head = (tree.text_of("Makefile") or b"")[:2000].decode("ascii", "replace")
    parts = {
        key: value.strip()
        for key, value in re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *=(.*)$", head, flags=re.M)
    }
    if "VERSION" not in parts or "PATCHLEVEL" not in parts:
        return ""
    numbers = [parts["VERSION"], parts["PATCHLEVEL"]]
    numbers += [parts["SUBLEVEL"]] if parts.get("SUBLEVEL", "0") not in ("", "0") else []
    return ".".join(numbers) + str(parts.get("EXTRAVERSION", ""))
