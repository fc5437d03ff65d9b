"""A run and a word (a fingerprint, a function, a rule, a method) -> why the tool says what it says of it, or says nothing.

The answers are made from the run folder alone; the tree, where it is still there, adds the words of its document.
"""

from __future__ import annotations

import fnmatch
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cocci_gen.document.obligations import Declined, Obligation, Reading, Unread
from cocci_gen.document.taken import is_implied
from cocci_gen.findings.findings import Finding, Fix, shortened
from cocci_gen.reports.bound_callers import Callers
from cocci_gen.reports.changed import changed_by
from cocci_gen.reports.elsewhere import told_elsewhere
from cocci_gen.reports.files import file_lines
from cocci_gen.reports.record import RunRecord, accepted, against
from cocci_gen.reports.settled import helper_lines
from cocci_gen.reports.text import finding_line
from cocci_gen.reports.unbound import unbound_lines
from cocci_gen.resources import data_tables
from cocci_gen.runs.pages import Missing
from cocci_gen.runs.rulings import FILTER, words
from cocci_gen.scan.pipeline import Judged
from cocci_gen.scan.standings import Stand, Standing

#: The order in which a function is told of, and the words for each.
_HEADS = {
    Stand.FOUND: "breaks",
    Stand.REFUTED: "keeps, after a doubt that a filter refuted",
    Stand.NOT_EXAMINED: "was not examined for",
    Stand.KEPT: "keeps",
    Stand.SETTLED: "keeps, by the facts alone,",
}
#: So many functions of a rule are named one by one.
_NAMED = 12
#: Where a list of names is broken.
_COLUMNS = 120


@dataclass(frozen=True, slots=True)
class Library:
    """What explains rules besides the run: the readings of the tree's document (or why there are none), and the folders of
    semantic patches and of the corpus, where this installation has them; `callers` finds who calls a function."""

    readings: tuple[Reading, ...] | Missing
    semantic_patches: Path | Missing
    corpus: Path | Missing
    callers: Callers | Missing = field(default_factory=lambda: Missing("the tree is gone"))


def explain(record: RunRecord, what: str, library: Library) -> Iterator[str]:
    """The lines of the answer; UsageProblem, with the nearest names, for a word that names nothing of the run."""
    if hits := _fingerprints(record, what):
        for number, one in enumerate(hits):
            yield from ["", *finding_lines(record, one)] if number else finding_lines(record, one)
        return
    path, _, name = what.rpartition(":")
    name = name.removesuffix("()")
    if lines := file_lines(record, what.removeprefix("./")):
        yield from lines
        return
    places = _functions(record, path.removeprefix("./"), name)
    rules = _rules(record, library, what)
    helped = helper_lines(record.folder, path.removeprefix("./"), name)
    if not places and not rules and not helped:
        yield from unbound_lines(record, what, _rule_names(library), library.callers)
    for number, (file, function) in enumerate(places):
        yield from [""] if number else []
        yield from function_lines(record, file, function)
    yield from ["", *helped] if places and helped else helped
    if rules:
        yield from [""] if places or helped else []
        yield from rule_lines(record, rules, library)


def _fingerprints(record: RunRecord, what: str) -> tuple[Judged, ...]:
    """The findings whose fingerprint begins so, gone ones too; at least four digits, or half of the run would match."""
    wanted = what.lower()
    if len(wanted) < 4 or not set(wanted) <= set("0123456789abcdef"):
        return ()
    found = {one.finding.fingerprint: one for one in (*record.findings, *record.gone)}
    return tuple(one for name, one in found.items() if name.startswith(wanted))


def _functions(record: RunRecord, path: str, name: str) -> list[tuple[str, str]]:
    """(file, function) of everything of that name that the run has looked at."""
    seen = [(one.path, one.function) for one in record.standings]
    seen += [(one.path, one.function) for one in record.unexamined]
    seen += [(one.finding.file, one.finding.function) for one in record.findings]
    return [place for place in dict.fromkeys(sorted(seen)) if place[1] == name and path in ("", place[0])]


def finding_lines(record: RunRecord, judged: Judged) -> Iterator[str]:
    """Why a finding was found, step by step."""
    finding = judged.finding
    owner = finding.obligation
    yield f"{finding.file}:{finding.line}: {finding.confidence}: {finding.message}"
    steps = [
        _asked(owner),
        *_bound(finding),
        *_starred(record, finding),
        *_path(finding),
        _sure(finding),
        _filtered(judged),
    ]
    if told := changed_by(record.header.change, finding.fingerprint):
        steps.append([told[0], *(f"  {one}" for one in told[1:])])
    steps += [_mended(judged), _people(record, finding)]
    for number, (head, *rest) in enumerate(steps, 1):
        yield f"{number:3}. {head}"
        yield from (f"     {line}" for line in rest)


def _asked(owner: Obligation) -> list[str]:
    said = f"{owner.source.path}:{owner.source.line} says of ->{owner.method}() of struct {owner.struct}:"
    read = f"that is read, in the column '{owner.column}', as {_read(owner)}"
    if why := implied(owner):
        read = f"that does not speak of it, and implies {_read(owner)}; {why}"
    return [said, f"  {owner.source.quote}", read]


def implied(owner: Obligation) -> str:
    """Why an obligation is asked of a method though no words do; "" where words do."""
    return _told("implied").get(owner.kind, "nobody else would do it") if is_implied(owner) else ""


def _read(owner: Obligation) -> str:
    """An obligation in words, with what it demands."""
    return f"{_terms(owner)}: {demand(owner.kind)}"


def _terms(owner: Obligation) -> str:
    """The kind of an obligation and what it is about."""
    parts = [f"the kind {owner.kind}"]
    parts += [f"about {owner.resource}"] if owner.resource else []
    parts += [f"held {owner.mode}"] if owner.mode else []
    parts += [f"naming {', '.join(owner.names)}"] if owner.names else []
    parts += [f"when {owner.condition}"] if owner.condition else []
    return ", ".join(parts)


def demand(kind: str) -> str:
    """What a kind demands."""
    return _told("demands").get(kind, "a kind of another version of cocci-gen")


@cache
def _told(table: str) -> dict[str, str]:
    return {kind: str(sentence) for kind, sentence in data_tables("reports/demands.toml")[table].items()}


def _bound(finding: Finding) -> list[list[str]]:
    named = [f"  struct {one.struct} {one.variable} ({one.file}:{one.line})" for one in finding.registrations]
    return [[f"it binds {finding.function}(), which the VFS reaches through", *named]] if named else []


def _starred(record: RunRecord, finding: Finding) -> list[list[str]]:
    if not finding.semantic_patch:
        return [["the document was compared with the header; no semantic patch is needed for that"]]
    owner = finding.obligation
    stem = f"{owner.short}.{finding.function[:100]}"
    folder = record.folder / "semantic_patches" / owner.struct
    files = [path for path in sorted(folder.glob("*.cocci")) if path.name.startswith(stem)]
    named = [str(path) for path in files if path.read_text("utf-8", "surrogateescape") == finding.semantic_patch]
    return [
        [
            f"spatch starred line {finding.line}, by the semantic patch made for this function:",
            *(f"  {one}" for one in named),
        ]
    ]


def _path(finding: Finding) -> list[list[str]]:
    steps, beside = ([f"  {one.file}:{one.line}: {one.note}" for one in part] for part in (finding.way, finding.beside))
    told = ["the search over its control flow found this way there that does not contradict itself:", *steps]
    if beside:
        told += ["what else in the function bears on it, where this way does not go:", *beside]
    return [told] if steps or beside else []


def _sure(finding: Finding) -> list[str]:
    doubts = [f"  {one.note}" for one in finding.doubts]
    why = ", for these doubts:" if doubts else ": nothing casts doubt on it" if finding.confidence == "high" else ""
    return [f"its confidence is {finding.confidence}{why}", *doubts]


def _filtered(judged: Judged) -> list[str]:
    reasons = [f"  {one.filter}: {one.reason}" for one in against(judged) if one.filter != FILTER]
    return ["it is rejected:", *reasons] if reasons else ["no filter rejects it"]


def _mended(judged: Judged) -> list[str]:
    fix = judged.finding.fix
    if not isinstance(fix, Fix):
        return [f"it has no fix: {fix.reason}"]
    return [
        f"it has a fix; checked: {', '.join(judged.passed) or 'nothing'}",
        *(f"  {one[:1]}{one[1:].expandtabs(8)}" for one in fix.diff.splitlines()),
    ]


def _people(record: RunRecord, finding: Finding) -> list[str]:
    ruling = record.baseline.of(finding.fingerprint)
    if ruling is not None:
        return [f"judged: {words(ruling)}"]
    patches = [f"{series.title}: {patch.subject}" for series in record.series for patch in series.patches
               if finding.fingerprint in patch.fingerprints]  # fmt: skip
    return ["nobody has judged it yet", *(f"  it is in the series {one}" for one in patches)]


def function_lines(record: RunRecord, file: str, function: str) -> Iterator[str]:
    """Which obligations bind a function, and for each how it stands and why."""
    standings = [one for one in record.standings if (one.path, one.function) == (file, function)]
    found = [one for one in record.findings if (one.finding.file, one.finding.function) == (file, function)]
    told = {one.obligation for one in standings}
    line = min([one.line for one in standings] or [one.finding.line for one in found] or [0])
    yield f"{file}:{line}: {function}()"
    for stand, head in _HEADS.items():
        for one in (one for one in standings if one.stand is stand):
            yield f"  {head} {one.obligation}"
            yield from _standing_lines(
                one,
                [judged for judged in found if judged.finding.obligation.id == one.obligation],
                [finding_line(judged, record.baseline) for judged in told_elsewhere(record, one)],
            )
    for judged in found:
        if judged.finding.obligation.id not in told:
            yield f"  {'breaks' if accepted(judged) else 'keeps, after a doubt,'} {judged.finding.obligation.id}"
            yield from _finding_line(judged)
    lost = [
        one for one in record.unexamined if (one.path, one.function) == (file, function) and one.obligation not in told
    ]
    yield from (f"  was not examined for {one.obligation}: {one.reason}" for one in lost)
    if record.narrowed:
        yield f"  the scan was narrowed ({record.narrowed}): what else binds it was not asked"


def _standing_lines(one: Standing, found: Sequence[Judged], elsewhere: Sequence[str]) -> Iterator[str]:
    if one.stand not in (Stand.FOUND, Stand.REFUTED):
        settled = _told("settled").get(one.obligation.rsplit(".", 1)[-1], "") if one.stand is Stand.SETTLED else ""
        yield f"      why: {one.reason}{f': {settled}' if settled and not elsewhere else ''}"
    if elsewhere:
        yield "      but on a way through it another function breaks this:"
        yield from (f"        {line}" for line in elsewhere)
    for judged in found:
        yield from _finding_line(judged)
    if one.stand is not Stand.FOUND:
        yield from (f"      {step.file}:{step.line}: {step.note}" for step in one.steps)


def _finding_line(judged: Judged) -> Iterator[str]:
    finding = judged.finding
    yield f"      line {finding.line}: {finding.confidence}: {finding.message} [{shortened(finding.fingerprint)}]"
    yield from (f"        refuted by {reason.filter}: {reason.reason}" for reason in against(judged))


def _rules(record: RunRecord, library: Library, what: str) -> list[tuple[str, str, str]]:
    """(struct, method, kind) of what the word names: an id, an id without structure, a method, a kind, or a glob of these."""
    every = {_parts(one.obligation) for one in record.standings}
    every |= {_parts(one.obligation) for one in record.unexamined}
    every |= {_parts(one.finding.obligation.id) for one in record.findings}
    if not isinstance(library.readings, Missing):
        every |= {(one.struct, one.method, one.kind) for one in library.readings if isinstance(one, Obligation)}
    return sorted(
        one for one in every if any(fnmatch.fnmatchcase(name, what.removeprefix("->")) for name in _names(one))
    )


def _names(rule: tuple[str, str, str]) -> tuple[str, ...]:
    struct, method, kind = rule
    return (f"{struct}.{method}.{kind}", f"{method}.{kind}", f"{struct}.{method}", method, kind, struct)


def _rule_names(library: Library) -> frozenset[str]:
    """All names of rules of the document."""
    if isinstance(library.readings, Missing):
        return frozenset()
    owners = ((one.struct, one.method, one.kind) for one in library.readings if isinstance(one, Obligation))
    return frozenset(name for owner in owners for name in _names(owner))


def _parts(identity: str) -> tuple[str, str, str]:
    struct, method, kind = identity.split(".", 2)
    return struct, method, kind


def rule_lines(record: RunRecord, rules: Sequence[tuple[str, str, str]], library: Library) -> Iterator[str]:
    """What rules demand, where they stand, what looks for breaches, the cases that test it, and how this tree stands."""
    for number, rule in enumerate(rules):
        if number:
            yield ""
        yield from _one_rule(record, rule, library)
    methods = dict.fromkeys((struct, method) for struct, method, _ in rules)
    if not isinstance(library.readings, Missing):
        for one in library.readings:
            if isinstance(one, Declined | Unread) and (one.struct, one.method) in methods:
                why = one.reason if isinstance(one, Declined) else one.problem
                yield f"{one.source.path}:{one.source.line}: '{one.text or 'blank'}' ({one.column}) asks for nothing: {why}"


def _one_rule(record: RunRecord, rule: tuple[str, str, str], library: Library) -> Iterator[str]:
    struct, method, kind = rule
    yield f"{struct}.{method}.{kind}"
    yield f"  demands: {demand(kind)}"
    if isinstance(library.readings, Missing):
        yield f"  the document cannot be shown: {library.readings.reason}"
    else:
        owners = [one for one in library.readings if isinstance(one, Obligation) and _parts(one.id) == rule]
        for owner in owners:
            yield f"  {owner.source.path}:{owner.source.line}: {owner.source.quote}"
            why = implied(owner)
            yield f"    {'implies' if why else 'read as'} {_terms(owner)}{f': {why}' if why else ''}"
    yield from _looked_for(record, rule, library)
    stands = [one for one in record.standings if _parts(one.obligation) == rule]
    found = [one for one in record.findings if _parts(one.finding.obligation.id) == rule]
    for stand in Stand:
        names = [f"{one.function}()" for one in stands if one.stand is stand]
        if names:
            more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
            yield from _wrapped(f"  {stand}: {len(names)}: {', '.join(names[:_NAMED] + more)}")
    for judged in found:
        if accepted(judged):
            yield f"    {judged.finding.file}:{judged.finding.line}: {judged.finding.confidence}: {judged.finding.message}"


def _looked_for(record: RunRecord, rule: tuple[str, str, str], library: Library) -> Iterator[str]:
    struct, method, kind = rule
    made = sorted((record.folder / "semantic_patches" / struct).glob(f"{method}.{kind}.*"))
    if made:
        yield f"  semantic patches of this run: {made[0]}" + (f" and {len(made) - 1} more" if len(made) > 1 else "")
    if not isinstance(library.semantic_patches, Missing):
        committed = library.semantic_patches / struct / f"{method}.{kind}.cocci"
        yield from [f"  semantic patch for any tree: {committed}"] if committed.is_file() else []
    if isinstance(library.corpus, Missing):
        yield f"  cases: {library.corpus.reason}"
        return
    folder = library.corpus / struct / f"{method}.{kind}"
    cases = [one for one in folder.glob("*") if ".fixed." not in one.name and one.suffix in (".c", ".rst")]
    yield f"  cases: {len(cases)} in {folder}" if cases else "  cases: none of its own"


def _wrapped(line: str) -> Iterator[str]:
    """A line that lists names -> lines that fit on a screen."""
    yield from textwrap.wrap(line, _COLUMNS, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False)
