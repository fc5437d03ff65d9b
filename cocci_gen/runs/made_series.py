"""A run folder and what people say of its findings -> its series, and their next version; nothing is printed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cocci_gen.errors import UsageProblem
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Confidence, Finding, Fix
from cocci_gen.kernel.module_settings import maintainers_of, read_settings
from cocci_gen.kernel.modules import SETTINGS, ModuleTree, NoRepository
from cocci_gen.kernel.subject_prefix import Prefix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.answers import tags_of
from cocci_gen.runs.baseline import Baseline
from cocci_gen.runs.folder import (
    RunHeader,
    note_builds,
    read_findings,
    read_header,
)
from cocci_gen.runs.laid import answered, read_layers
from cocci_gen.runs.mainline import Fate, standings
from cocci_gen.runs.rulings import for_series, ruled
from cocci_gen.runs.vanished import vanished
from cocci_gen.scan.pipeline import (
    Judged,
    read_rules,
)
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
