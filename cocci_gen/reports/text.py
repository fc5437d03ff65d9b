"""The findings of a run -> lines as compilers write them, for people, editors (`vim -q`, `M-x compile`) and `grep`."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cocci_gen.findings.findings import Fix, shortened
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.reports.record import RunRecord, SeriesEntry, against, suppressed
from cocci_gen.reports.selection import in_document, message_of
from cocci_gen.runs.baseline import Baseline, Status
from cocci_gen.runs.people import baseline_words
from cocci_gen.runs.rulings import words
from cocci_gen.scan.pipeline import Judged
from cocci_gen.series.mails.mail import send_email_line

#: Nobody has judged anything.
UNJUDGED = Baseline()
#: More lines than this at the end of a scan push what matters off the screen.
LINES = 40
#: Reasons of things that were not examined are told one by one up to this number of places.
_PLACES = 3
#: So many of the reasons themselves: of sixty most hold for one place.
_REASONS = 6


def finding_line(judged: Judged, baseline: Baseline = UNJUDGED, mark: str = "") -> str:
    """`path:line: confidence: message [method.kind fingerprint]`, with what speaks against it if anything does, and who
    accepted it; `mark` says how it stands to a change."""
    finding = judged.finding
    fix = ", fix" if isinstance(finding.fix, Fix) else ""
    fix += f", {mark}" if mark else ""
    line = f"{finding.file}:{finding.line}: {finding.confidence}: {message_of(finding)}"
    line += f" [{finding.obligation.short} {shortened(finding.fingerprint)}{fix}]"
    reasons = "; ".join(reason.reason for reason in against(judged))
    how = "judged" if suppressed(judged) else "rejected"
    ruling = baseline.of(finding.fingerprint)
    if ruling is not None and ruling.status is Status.ACCEPTED and not reasons:
        return f"{line} (judged: {words(ruling)})"
    return f"{line} ({how}: {reasons})" if reasons else line


def folded_lines(selected: Sequence[Judged], most: int = LINES, baseline: Baseline = UNJUDGED) -> Iterator[str]:
    """The lines of the findings, in their order; groups that do not fit into `most` lines become one line each.

    The surest findings of the code are shown as far as there is room at all: they are what a scan is for.
    """
    room = most
    for (confidence, document), group in groupby(
        selected, lambda one: (one.finding.confidence, in_document(one.finding))
    ):
        found = list(group)
        if len(found) <= room:
            yield from (finding_line(one, baseline) for one in found)
            room -= len(found)
            continue
        shown = found[:room] if confidence == "high" and not document else []
        yield from (finding_line(one, baseline) for one in shown)
        room -= len(shown)
        yield _fold(found[len(shown) :], str(confidence), document)


def _fold(found: Sequence[Judged], confidence: str, document: bool) -> str:  # noqa: FBT001
    kinds = Counter(one.finding.obligation.kind for one in found)
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    where = f" in {found[0].finding.file}" if document else f" in {_count(_files(found), 'file', 'files')}"
    return f"... {len(found)} {confidence}{where}: {listed}"


def _files(found: Iterable[Judged]) -> int:
    return len({one.finding.file for one in found})


def by_reason(unexamined: Iterable[Unexamined]) -> list[tuple[str, list[Unexamined]]]:
    """What was not examined by the reason without its particulars, the most frequent first."""
    reasons: dict[str, list[Unexamined]] = {}
    for one in unexamined:
        reasons.setdefault(one.reason.split(": ")[0], []).append(one)
    return sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))


def unexamined_lines(unexamined: Sequence[Unexamined]) -> Iterator[str]:
    """What was not examined, counted by reason, each with its first places; of many reasons the most frequent alone."""
    reasons = by_reason(unexamined)
    shown = reasons if len(reasons) <= _REASONS + 1 else reasons[:_REASONS]
    for reason, places in shown:
        named = list(dict.fromkeys(f"{one.function}() in {one.path}" for one in places))
        more = f", {len(named) - _PLACES} more" if len(named) > _PLACES else ""
        yield f"{len(places):5}  {reason}: {', '.join(named[:_PLACES])}{more}"
    if len(shown) < len(reasons):
        yield f"... {len(reasons) - len(shown)} more reasons"


def series_lines(series: Sequence[SeriesEntry], record: RunRecord) -> Iterator[str]:
    """Where the series lie, the commands that send those which are ready, and the one that makes the others ready."""
    patches = sum(len(one.patches) for one in series)
    yield (
        f"series        {len(series)} with {_count(patches, 'patch', 'patches')} in {record.index.parent} "
        f"(read {record.index} first)"
    )
    ready = [one for one in series if one.ready]
    for one in ready:
        if not one.addressed:
            yield f"  nobody is named who takes {one.folder.name}; put the address in:"
        yield f"  {send_email_line(one.folder, addressed=one.addressed)}"
    if rest := [one for one in series if not one.ready]:
        yield from _on_the_way(rest, record)
        failed = [(one, patch) for one in rest for patch in one.patches if patch.failed]
        for one, patch in failed:
            yield f"  {one.folder.name}/{patch.file} did not pass: {', '.join(patch.failed)}"


def _on_the_way(rest: Sequence[SeriesEntry], record: RunRecord) -> Iterator[str]:
    """What is to be done for the series that are not ready: read, or only signed off where all is accepted."""
    patches = [patch for one in rest for patch in one.patches]
    run = shlex.join([str(record.folder), *baseline_words(record.header.kernel, str(record.header.baseline["file"]))])
    if not all(set(patch.fingerprints) <= record.baseline.reviewed for patch in patches):
        yield f"  {len(rest)} not ready to send; read and accept each finding, then sign off what you accepted:"
        yield f"  cocci-gen review {run} && cocci-gen series {run} --signoff"
    elif not all(patch.signed for patch in patches):
        yield f"  {len(rest)} not ready to send; all is accepted, so sign it off:"
        yield f"  cocci-gen series {run} --signoff"
    else:
        yield f"  {len(rest)} not ready to send:"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
