"""SeriesSet and the findings without a patch -> OUT/series/index.md, the page that a person reads first.

One line per patch, then the findings that have none, worst first, with the reason; what was checked and who gets what follows
for whoever wants it, recipients folded.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from statistics import median

from cocci_gen.findings.findings import Confidence, Finding, NoFix, shortened
from cocci_gen.kernel.origins import Origin
from cocci_gen.series.assembly import Patch, Series, SeriesSet
from cocci_gen.series.ladder.rungs import NotPassed, NotRun, Passed
from cocci_gen.series.mails.mail import send_email_line
from cocci_gen.series.texts import Reading
from cocci_gen.series.words.objections import objections

#: Kinds, worst first: what stops a task for ever, then what hangs the next one who wants the page, then sleeps where nobody
#: may, then data that is lost, then wrong values, then what the rules want done or the document told.
_WORST = (
    *("no_relock", "unlocks", "returns_locked", "keeps_locked", "gives_back", "irq_safe", "never_sleeps", "rcu_walk"),
    *("writeback", "returns", "must_not_call", "must_call", "callers", "prototype"),
)


def index_page(made: SeriesSet, folder: Path, unpatched: Sequence[Finding] = ()) -> str:
    """All series, and the accepted findings that no patch mends -> the page in Markdown."""
    patches = [patch for series in made.series for patch in series.patches]
    sizes = [patch.envelope.size for patch in patches]
    lines = [f"# {_count(made.series, 'series', 'series')}, {_count(patches, 'patch', 'patches')}", ""]
    if sizes:
        lines += [f"Recipients per patch: median {median(sizes):g}, at most {max(sizes)}. Nothing has been sent.", ""]
    for series in made.series:
        lines += [_patch_line(series, patch) for patch in series.patches]
    lines += [""] if patches else []
    left = {out.finding.fingerprint: out.reason for out in made.left_out}
    told = [one for one in unpatched if one.fingerprint not in made.mended]
    lines += _unpatched(told if unpatched else [out.finding for out in made.left_out], left)
    for series in made.series:
        lines += _series_lines(series, folder)
    dropped = [f"{_plain(one.subject)} ({_plain(one.series)}): {_plain(one.reason)}" for one in made.dropped]
    lines += _listed("Patches of the version before that are not in this one", dropped)
    lines += _listed("Mind", map(_plain, made.remarks))
    lines += _listed("MAINTAINERS", map(_plain, made.warnings))
    return "\n".join(lines)


def _listed(title: str, entries: Iterable[str]) -> list[str]:
    """A section of the page; none where there is nothing in it."""
    found = [f"* {one}" for one in entries]
    return [f"## {title}", "", *found, ""] if found else []


def _ready(patch: Patch) -> bool:
    return patch.signed and not any(isinstance(one, NotPassed) for one in patch.results)


def _patch_line(series: Series, patch: Patch) -> str:
    """A patch in one line: its subject, where it lies, and whether it may be sent."""
    failed = ", ".join(str(one.rung) for one in patch.results if isinstance(one, NotPassed))
    state = f"**not passed: {failed}**" if failed else str(patch.reading)
    return f"* [{_plain(patch.subject)}]({series.slug}/{patch.mail.name}): {state}"


def _unpatched(findings: Iterable[Finding], left: Mapping[str, str]) -> list[str]:
    """The findings that no patch mends, worst first, each with the reason; the doubtful ones folded."""
    lines: list[str] = []
    for confidence, group in groupby(sorted(findings, key=_badness), lambda one: one.confidence):
        found = [f"* {_finding_line(one, left.get(one.fingerprint, ''))}" for one in group]
        if confidence is Confidence.LOW:
            found = [f"<details><summary>{len(found)} of low confidence</summary>", "", *found, "", "</details>"]
        lines += found
    return ["## Findings without a patch, worst first", "", *lines, ""] if lines else []


def _badness(finding: Finding) -> tuple[int, int, str, int]:
    kind = finding.obligation.kind
    place = _WORST.index(kind) if kind in _WORST else len(_WORST)
    return -finding.confidence.rank, place, finding.file, finding.line


def _finding_line(finding: Finding, left: str) -> str:
    where = f"{_plain(finding.file)}:{finding.line}: {finding.confidence}: {_plain(finding.message)}"
    return f"{where} ({finding.obligation.short}, `{shortened(finding.fingerprint)}`): {_plain(left or _why(finding))}"


def _why(finding: Finding) -> str:
    """Why a finding is in no patch, where nobody else has said it."""
    if isinstance(finding.fix, NoFix):
        return f"no fix: {finding.fix.reason}"
    if finding.confidence is not Confidence.HIGH:
        return "it has a fix, which goes into a series once somebody has accepted the finding in review"
    return "it has a fix that was not asked for"


def _series_lines(series: Series, folder: Path) -> list[str]:
    """One series on the page."""
    version = f", version {series.revision.version}" if series.revision.version > 1 else ""
    lines = [f"## {_plain(series.title)}{version}", "", f"Kept as `{series.ref}`, on top of {series.base[:12]}.", ""]
    for number, patch in enumerate(series.patches, 1):
        lines += [f"{number}. [{_plain(patch.subject)}]({series.slug}/{patch.mail.name})", *_patch_lines(patch)]
    lines += ["", *(f"* Mind: {_plain(warning)}" for warning in series.envelope.warnings)]
    if all(map(_ready, series.patches)):
        addressed = all(patch.envelope.to for patch in series.patches)
        how = (
            "To send it:" if addressed else "To send it, once you have put in who takes it, for no file names anybody:"
        )
        return [*lines, "", how, "", f"    {send_email_line(folder / series.slug, addressed=addressed)}", ""]
    run = shlex.quote(str(folder.parent))
    if any(patch.reading is Reading.UNREAD for patch in series.patches):
        lines.append("* Not ready to send: nobody has reviewed and signed off all patches, or one did not pass.")
        command = f"    cocci-gen review {run} && cocci-gen series {run} --signoff"
        return [*lines, "", "Once you have read it, accept what is right, and sign it off:", "", command, ""]
    lines.append("* Not ready to send: all is accepted, and not all is signed off, or one did not pass.")
    return [*lines, "", "To sign it off:", "", f"    cocci-gen series {run} --signoff", ""]


def _patch_lines(patch: Patch) -> list[str]:
    """One patch on the page: the ladder, and the recipients folded."""
    failed = [f"{one.rung} ({_plain(one.reason)})" for one in patch.results if isinstance(one, NotPassed)]
    not_run = [f"{one.rung} ({_plain(one.reason)})" for one in patch.results if isinstance(one, NotRun)]
    good = [str(one.rung) for one in patch.results if isinstance(one, Passed)]
    lines = [f"   * passed: {', '.join(good)}"]
    lines += [f"   * **not passed: {'; '.join(failed)}**"] if failed else []
    lines += [f"   * not run: {'; '.join(not_run)}"] if not_run else []
    lines += [f"   * mind the words: {_plain(one)}" for one in objections(patch.body)]
    lines += [f"   * perhaps {_code(tag)}" for tag in (patch.origin.tags if isinstance(patch.origin, Origin) else ())]
    people = [("To", one) for one in patch.envelope.to] + [("Cc", one) for one in patch.envelope.cc]
    if people:
        lines += [f"   <details><summary>{_count(people, 'recipient', 'recipients')}</summary>", ""]
        lines += [
            f"   * {name}: {_code(str(one.mailbox))}, {_plain(one.role)} ({_plain(one.reason)})" for name, one in people
        ]
        lines += ["", "   </details>"]
    return lines


def _plain(text: str) -> str:
    """Words of others on one line of Markdown, without control characters."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.replace("<", "\\<").replace("*", "\\*").replace("[", "\\[").split())


def _code(text: str) -> str:
    """Words of others within back quotes."""
    shown = "".join(character if character.isprintable() else " " for character in text.replace("`", "'"))
    return f"`{' '.join(shown.split())}`"


def _count(things: Iterable[object], one: str, many: str) -> str:
    """`1 patch`, `2 patches`."""
    number = len(list(things))
    return f"{number} {one if number == 1 else many}"
