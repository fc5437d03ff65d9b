"""KernelTree -> a finished run folder, and a run folder -> its series; nothing is printed here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from cocci_gen import __version__, programs
from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.cluster import cluster
from cocci_gen.coccinelle.spatch import SpatchRunner, find_version
from cocci_gen.document.obligations import Obligation
from cocci_gen.errors import UsageProblem
from cocci_gen.facts.focus import EVERYTHING, Everything, Focus
from cocci_gen.facts.index import KernelIndex
from cocci_gen.facts.store import BrokenIndexError
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Confidence, Finding, Fix
from cocci_gen.kernel.completeness import check_complete
from cocci_gen.kernel.module_settings import maintainers_of, read_settings
from cocci_gen.kernel.modules import SETTINGS, ModuleTree, NoRepository
from cocci_gen.kernel.subject_prefix import Prefix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.own_words import speaking
from cocci_gen.runs.answers import tags_of
from cocci_gen.runs.baseline import Baseline
from cocci_gen.runs.folder import (
    RunHeader,
    check_folder,
    note_builds,
    read_findings,
    read_header,
    write_run,
)
from cocci_gen.runs.laid import answered, read_layers
from cocci_gen.runs.mainline import Fate, standings
from cocci_gen.runs.memory import Memory, setup_key
from cocci_gen.runs.people import People
from cocci_gen.runs.rulings import Scope, Stale, for_series, ruled, scope_of, stale_rulings
from cocci_gen.runs.vanished import vanished
from cocci_gen.scan.asked import plain_paths
from cocci_gen.scan.checking import know_callers
from cocci_gen.scan.modules import for_module, module_json, module_options
from cocci_gen.scan.pipeline import (
    Examination,
    Judged,
    Progress,
    Scan,
    ScanOptions,
    check_paths,
    chosen_obligations,
    open_index,
    read_rules,
)
from cocci_gen.scan.relative import relative_scan
from cocci_gen.series.assembly import NOBODY, RunFacts, SeriesOptions, SeriesSet, build_series
from cocci_gen.series.folder import write_series_set
from cocci_gen.series.home import KERNEL, Home, ModuleHome
from cocci_gen.series.ladder.builds import Builder
from cocci_gen.series.ladder.rungs import Rung
from cocci_gen.series.mails.commits import make_branch
from cocci_gen.series.rerolls.former import read_former
from cocci_gen.series.rerolls.own_work import RerollRequest
from cocci_gen.series.texts import reproduction


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
    check_folder(request.out)
    programs.sweep_temporary()
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
        else:
            try:
                scan = _scanned(tree, inner, memory, every, chosen, progress)
            except BrokenIndexError:  # put aside by now; what it said until then is not believed
                scan = _scanned(tree, inner, memory, every, chosen, progress)
            if not is_incomplete(scan):
                memory.keep(tree, scan)
    return _written(tree, request, scan, version)


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
        know_callers(index, request.cache, progress)
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
                return open_index(before, request.cache, every, alone, progress)

            found = memory.incremental(tree, index, tuple(chosen), look, reopen)
            return found or look(tree, index, EVERYTHING, chosen)
    finally:
        index.close()


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
    files = module.files if module else tree.blobs()
    # A check looks at a few functions: what it does not find may still be there.
    stale = () if change else stale_rulings(baseline, scan.findings, scope, files)
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


@dataclass(frozen=True, slots=True)
class MadeSeries:
    """The series of a run and the folders that they lie in; `anonymous` when git knows no name of the user."""

    made: SeriesSet
    folders: tuple[Path, ...]
    anonymous: bool


def make_series(
    tree: KernelTree,
    folder: Path,
    baseline: Baseline,
    only: frozenset[str] | None = None,
    jobs: int = 2,
    reroll: RerollRequest | None = None,
    build: Builder | None = None,
    *,
    signoff: bool = False,
    mainline: KernelTree | None = None,
    checkpatch: Path | None = None,
) -> MadeSeries:
    """A run folder -> its series, written below it; `only` limits them to these fingerprints, `reroll` makes them the next
    version of what was mailed, `build` compiles what they change, `signoff` signs what the baseline says was reviewed; what is
    mended in `mainline` already is in no series; `checkpatch` is the script that looks at the mails."""
    programs.sweep_temporary()
    header, figures = read_header(folder)
    every = ruled(read_findings(folder), baseline)
    judged = for_series(every, baseline)
    if only is not None:
        judged = tuple(one for one in judged if one.finding.fingerprint in only)
    home: Home = KERNEL
    if isinstance(tree, ModuleTree):
        home, tree = _module_home(tree), _repository(tree)
    person = tree.identity()
    options = SeriesOptions(person or NOBODY, reviewed=baseline.reviewed, jobs=jobs, reroll=reroll or RerollRequest())
    options = replace(options, build=build) if build else options
    if header.change:
        options = replace(options, answered=answered(header, read_layers(folder)))
    options = replace(options, signoff=signoff and person is not None, home=home, checkpatch=checkpatch)
    if mainline is not None:
        options = _standing(tree, mainline, [one.finding for one in judged], options)
    # What has no fix is told in the notes of a patch of the same function.
    found = [one.finding for one in (*judged, *filter(_is_left, every))]
    made = build_series(tree, found, run_facts(header, figures, judged), options)
    patched = {name for series in made.series for patch in series.patches for name in patch.fingerprints}
    open_ = [one.finding for one in every if isinstance(one.verdict, Accepted)]
    unpatched = [one for one in open_ if one.fingerprint not in patched and (only is None or one.fingerprint in only)]
    folders = write_series_set(made, folder / "series", unpatched)
    note_builds(folder, _builds_json(made, build) if build else None)
    return MadeSeries(made, folders, person is None)


def _is_left(judged: Judged) -> bool:
    """Whether a finding is likely and has no fix."""
    finding = judged.finding
    likely = isinstance(judged.verdict, Accepted) and finding.confidence is not Confidence.LOW
    return likely and not isinstance(finding.fix, Fix)


def _standing(
    tree: KernelTree, mainline: KernelTree, findings: Sequence[Finding], options: SeriesOptions
) -> SeriesOptions:
    """The options, told what became of the findings in the revision that the patches would go to."""
    found = standings(tree, mainline, findings)
    withheld = {name: one.words for name, one in found.items() if one.fate is Fate.FIXED}
    return replace(options, standing={name: one.words for name, one in found.items()}, withheld=withheld)


def _repository(tree: ModuleTree) -> KernelTree:
    """The repository that the patches are for; UsageProblem where there is none."""
    if isinstance(tree.module.repository, NoRepository):
        raise UsageProblem(
            f"{tree.module.root} is no git repository, so there is nothing that a series could apply to; "
            f"the fixes lie as diffs in the folder of the run"
        )
    return tree.module.repository


def _module_home(tree: ModuleTree) -> ModuleHome:
    """Who gets the patches of a module, and where the rules and the subject prefix come from."""
    settings = read_settings(tree.module)
    prefix = Prefix(settings.prefix or f"{settings.name}: ", capital=False, source=SETTINGS)
    return ModuleHome(tree.under, maintainers_of(settings), prefix)


def make_branches(tree: KernelTree, made: SeriesSet, prefix: str) -> tuple[str, ...]:
    """The series as branches PREFIX/<section>, each with its cover letter as description; UsageProblem where one exists."""
    tree = _repository(tree) if isinstance(tree, ModuleTree) else tree
    names = tuple(f"{prefix}/{series.slug}" for series in made.series)
    for name, series in zip(names, made.series, strict=True):
        make_branch(tree, name, series.patches[-1].commit.oid, series.cover_text)
    return names


def _builds_json(made: SeriesSet, build: Builder) -> dict[str, object]:
    """How the compilation of every patch went, as plain values."""
    patches = {}
    for series in made.series:
        for patch in series.patches:
            [result] = [one for one in patch.results if one.rung is Rung.BUILDS]
            patches[f"{series.slug}/{patch.mail.name}"] = {
                "paths": list(patch.paths),
                "result": type(result).__name__.lower(),
                "reason": getattr(result, "reason", ""),
            }
    return {"compiler": build.compiler, "configuration": build.configuration, "patches": patches}


def next_version(
    tree: KernelTree, folder: Path, old: Path, branches: Sequence[str], links: Sequence[str], baseline: Baseline
) -> RerollRequest:
    """A run folder, that of the run whose series were mailed, and what the user says of them -> what `make_series` needs.

    UsageProblem where the two are one: the mails of the earlier version would be lost.
    """
    if folder.resolve() == old.resolve():
        raise UsageProblem(
            f"{old} is the run itself; scan into another folder and keep this one, it is what was mailed"
        )
    header, _ = read_header(folder)
    former_header, _ = read_header(old)
    former = read_former(old)
    now = ruled(read_findings(folder), baseline)
    rules = frozenset(obligation.id for obligation in read_rules(tree))
    home = _repository(tree) if isinstance(tree, ModuleTree) else tree
    why = vanished(home, former_header.commit, read_findings(old), now, folder, header, rules)
    named = dict(link.partition("=")[::2] if "=" in link.split(":")[0] else ("", link) for link in links)
    return RerollRequest(former, tuple(branches), named, why, tags_of(old))


def run_facts(header: RunHeader, figures: object, judged: tuple[Judged, ...]) -> RunFacts:
    """What the series of a run say about it."""
    counted = figures if isinstance(figures, dict) else {}
    return RunFacts(
        tool_version=header.tool_version,
        spatch_version=header.spatch_version,
        base_commit=header.commit,
        kernel_version=header.kernel_version,
        examined=int(str(counted["functions"])),
        unexamined=int(str(counted["not_examined"])),
        command=reproduction(
            {**header.options, "module": header.module.get("name", ""), "change": header.change.get("asked", ())}
        ),
        checks={one.finding.fingerprint: one.passed for one in judged},
    )


def kernel_version(tree: KernelTree) -> str:
    """The version that the top Makefile of a tree states, or "" where it states none."""
    if "Makefile" not in tree.blobs():
        return ""
    head = tree.read("Makefile")[:2000].decode("ascii", "replace")
    parts = {
        key: value.strip()
        for key, value in re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *=(.*)$", head, flags=re.M)
    }
    if "VERSION" not in parts or "PATCHLEVEL" not in parts:
        return ""
    numbers = [parts["VERSION"], parts["PATCHLEVEL"]]
    numbers += [parts["SUBLEVEL"]] if parts.get("SUBLEVEL", "0") not in ("", "0") else []
    return ".".join(numbers) + str(parts.get("EXTRAVERSION", ""))
