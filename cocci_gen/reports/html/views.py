"""RunRecord and the tree -> what the page shows, in words and numbers; the template only lays it out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.document.obligations import Declined, Obligation, RuleSource, read_obligations
from cocci_gen.document.tables import RuleDocument, read_document
from cocci_gen.document.taken import is_implied
from cocci_gen.errors import RuleDocumentError
from cocci_gen.filters import Reason
from cocci_gen.findings.findings import Finding, Fix
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.reports.excerpts import Excerpt, excerpts
from cocci_gen.reports.explain import implied
from cocci_gen.reports.hostile import legal, one_line
from cocci_gen.reports.record import RunRecord, accepted, against
from cocci_gen.reports.selection import in_document
from cocci_gen.reports.text import by_reason
from cocci_gen.runs.baseline import Status
from cocci_gen.runs.folder import RunHeader
from cocci_gen.runs.pages import Missing, Source
from cocci_gen.runs.rulings import FILTER
from cocci_gen.scan.asked import matching
from cocci_gen.scan.coverage import Bound, bound
from cocci_gen.scan.modules import for_module
from cocci_gen.scan.pipeline import Judged
from cocci_gen.scan.standings import Stand


@dataclass(frozen=True, slots=True)
class RuleView:
    """The rule of a finding: where it stands, its words, and its row with the headings (empty for prose)."""

    place: str
    quote: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, bool], ...]  # the text, and whether this cell is the one that binds
    method: str
    implied: str  # why it is asked of the method though no words do; "" where words do


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff and its class: add, del, hunk, or "" for context."""

    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """All that the page tells of a finding."""

    finding: Finding
    judged: Judged
    standing: str
    rule: RuleView
    excerpts: tuple[Excerpt, ...]
    diff: tuple[DiffLine, ...]
    no_fix: str
    against: tuple[Reason, ...]
    ruling: str
    document: bool

    @property
    def open(self) -> bool:
        """Whether nothing speaks against it, also where a person has accepted it: it is there to be mended."""
        return accepted(self.judged)


@dataclass(frozen=True, slots=True)
class CellView:
    """One method under one kind: how many functions stand how; `asked` is False where the rules say nothing."""

    asked: bool
    stands: Mapping[str, int]
    first: str  # the first open finding

    def count(self, stand: str) -> int:
        """How many functions stand so."""
        return self.stands.get(stand, 0)

    @property
    def words(self) -> str:
        """For whoever does not see colours."""
        return ", ".join(f"{count} {stand}" for stand, count in self.stands.items() if count) or "nobody implements it"


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One method: its cells in the order of the kinds, and the words of the document that bind nobody, with the reason."""

    struct: str
    method: str
    cells: tuple[CellView, ...]
    declined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Methods x kinds; `missing` tells what could not be read of the document ("" for nothing)."""

    kinds: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason for which things were not examined, without its particulars, and all of its places."""

    reason: str
    places: tuple[Unexamined, ...]


def finding_views(record: RunRecord, selected: Sequence[Judged], source: Source) -> tuple[FindingView, ...]:
    """The findings in their order."""
    texts: dict[str, bytes | Missing] = {}

    def remembered(path: str) -> bytes | Missing:
        if path not in texts:
            texts[path] = source(path)
        return texts[path]

    documents: dict[str, RuleDocument | Missing] = {}
    for one in selected:
        path = one.finding.obligation.source.path
        if path not in documents:
            documents[path] = document_of(path, remembered)
    return tuple(_finding_view(record, one, remembered, documents) for one in selected)


def document_of(path: str, source: Source) -> RuleDocument | Missing:
    """The rule document of the tree, or why it cannot be read."""
    text = source(path)
    if isinstance(text, Missing):
        return text
    try:
        return read_document(text, path)
    except RuleDocumentError as error:
        return Missing(str(error))


def _finding_view(
    record: RunRecord, judged: Judged, source: Source, documents: Mapping[str, RuleDocument | Missing]
) -> FindingView:
    finding = judged.finding
    ruling = record.baseline.of(finding.fingerprint)
    said = "accepted by people" if ruling and ruling.status is Status.ACCEPTED and accepted(judged) else ""
    standing = said or (ruling.status.value if ruling else "open" if accepted(judged) else "rejected")
    fix = finding.fix
    return FindingView(
        finding=finding,
        judged=judged,
        standing=standing,
        rule=_rule(finding.obligation, documents[finding.obligation.source.path]),
        excerpts=excerpts(finding, source),
        diff=_diff(fix.diff) if isinstance(fix, Fix) else (),
        no_fix="" if isinstance(fix, Fix) else fix.reason,
        against=tuple(one for one in against(judged) if one.filter != FILTER),  # a person's words stand in the ruling
        ruling=f"{ruling.who}, {ruling.date.isoformat()}: {ruling.reason}" if ruling else "",
        document=in_document(finding),
    )


def _rule(owner: Obligation, document: RuleDocument | Missing) -> RuleView:
    source = owner.source
    place = f"{source.path}:{source.line}"
    if not isinstance(document, Missing) and (section := document.section(owner.struct)):
        for table in section.tables:
            for row in table.rows:
                if row.line <= source.line <= max([row.line, *(cell.line for cell in row.cells)]):
                    binds = "" if is_implied(owner) else owner.column
                    cells = tuple((cell.text, cell.column == binds) for cell in row.cells)
                    return RuleView(place, source.quote, table.columns, cells, row.method, implied(owner))
    return RuleView(place, source.quote, (), (), owner.method, implied(owner))


def _diff(diff: str) -> tuple[DiffLine, ...]:
    colours = {"+": "add", "-": "del", "@": "hunk"}
    lines = [line for line in legal(diff).split("\n") if line and not line.startswith(("--- ", "+++ "))]
    return tuple(DiffLine(line[:1] + line[1:].expandtabs(8), colours.get(line[:1], "")) for line in lines)


def matrix(record: RunRecord, source: Source, path: str) -> Matrix:
    """Methods x kinds of this run: what the document at `path` asks for and declines, and how the functions stand; of a change
    the methods alone that it comes to."""
    asked: set[tuple[str, str, str]] = set()
    declined: dict[tuple[str, str], list[str]] = defaultdict(list)
    document = document_of(path, source)
    if not isinstance(document, Missing):
        readings = read_obligations(document)
        every = [one for one in readings if isinstance(one, Obligation)]
        asked = {(one.struct, one.method, one.kind) for one in _asked(every, record.header)}
        for one in readings:
            if isinstance(one, Declined) and one.method:
                declined[one.struct, one.method].append(f"{_place(one.source)} {one.text or '(blank)'}: {one.reason}")
    stands: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    first: dict[tuple[str, str, str], str] = {}
    for standing in record.standings:
        if standing.stand is not Stand.FOUND:  # these are counted from the findings, as people see them now
            stands[_parts(standing.obligation)][standing.stand.value] += 1
    for judged in record.findings:
        if accepted(judged):
            key = _parts(judged.finding.obligation.id)
            stands[key]["found"] += 1
            first.setdefault(key, judged.finding.fingerprint)
    if record.header.change:  # nobody has looked at the others: a hundred rows would hide the one that counts
        reached = {(struct, method) for struct, method, _ in stands}
        asked = {key for key in asked if key[:2] in reached}
    keys = asked | set(stands)
    kinds = sorted({kind for _, _, kind in keys})
    cells = {key: CellView(True, dict(stands.get(key, {})), first.get(key, "")) for key in keys}
    empty = CellView(False, {}, "")
    rows = [
        MatrixRow(
            struct,
            method,
            tuple(cells.get((struct, method, kind), empty) for kind in kinds),
            tuple(map(one_line, declined.get((struct, method), ()))),
        )
        for struct, method in sorted({(struct, method) for struct, method, _ in keys})
    ]
    return Matrix(tuple(kinds), tuple(rows), document.reason if isinstance(document, Missing) else "")


def _asked(every: Sequence[Obligation], header: RunHeader) -> Sequence[Obligation]:
    """The obligations that the run was asked about."""
    rules = header.options.get("rules")
    globs = tuple(map(str, rules)) if isinstance(rules, list | tuple) else ()
    chosen = matching(every, globs)
    return for_module(chosen, globs) if header.module else chosen


def about(record: RunRecord) -> Bound:
    """How much of the tree the rules bind."""
    return bound(record.standings, record.unexamined)


def _place(source: RuleSource) -> str:
    return f"line {source.line}:"


def _parts(identity: str) -> tuple[str, str, str]:
    struct, method, kind = identity.split(".", 2)
    return struct, method, kind


def reasons(record: RunRecord) -> tuple[ReasonView, ...]:
    """What was not examined, by reason, the most frequent first."""
    return tuple(ReasonView(reason, tuple(places)) for reason, places in by_reason(record.unexamined))
