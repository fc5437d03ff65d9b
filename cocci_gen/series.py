"""Stage 8 of 8: Finding -> Series.

Accepted findings with fixes become commits below refs/cocci-gen/, mails that git am reads back exactly, and a cover
letter per MAINTAINERS section.  Equal findings give equal bytes, whatever the day, the machine or the user's settings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from cocci_gen.checkpatch import run_checkpatch
from cocci_gen.commits import REFS, Change, Commit, Draft, write_commits
from cocci_gen.errors import CocciGenError
from cocci_gen.findings import Finding, Fix
from cocci_gen.kernel_tree import KernelTree
from cocci_gen.ladder import NotPassed, NotRun, Passed, Result, Rung, formatting, passed
from cocci_gen.mail import Expected, Mail, MailRoom, address, annotate, identify
from cocci_gen.maintainers import Maintainers
from cocci_gen.messages import render
from cocci_gen.origins import NoOrigin, Origin, find_origin
from cocci_gen.patch_plans import LeftOut, PatchPlan, SectionPlan, plan_sections
from cocci_gen.recipients import Envelope, envelopes, mailboxes
from cocci_gen.rule_book import read_rule_book
from cocci_gen.series_texts import NOBODY, Author, MessageRefused, RunFacts, SeriesOptions, earlier_rungs, is_signed
from cocci_gen.series_texts import change_id as series_change_id
from cocci_gen.subject_prefix import find_prefixes

__all__ = ["NOBODY", "Patch", "RunFacts", "Series", "SeriesOptions", "SeriesSet", "build_series", "read_maintainers"]


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch of a series: its commit, its mail, where it goes, and how it fared."""

    subject: str
    body: str
    kind: str
    paths: tuple[str, ...]
    fingerprints: tuple[str, ...]
    commit: Commit
    mail: Mail
    envelope: Envelope
    results: tuple[Result, ...]
    origin: Origin | NoOrigin
    signed: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One series: all patches to one section of MAINTAINERS, on top of the base commit, kept under `ref`."""

    title: str
    slug: str
    change_id: str
    ref: str
    base: str
    cover: Mail
    cover_text: str
    envelope: Envelope
    patches: tuple[Patch, ...]

    @property
    def mails(self) -> tuple[Mail, ...]:
        """The cover letter and the patches, in order."""
        return (self.cover, *(patch.mail for patch in self.patches))


@dataclass(frozen=True, slots=True)
class SeriesSet:
    """All series of a run, the findings that are in none although they have a fix, and what MAINTAINERS lacks."""

    series: tuple[Series, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Workshop:
    """What all series of a run need while they are made."""

    tree: KernelTree
    run: RunFacts
    options: SeriesOptions
    maintainers: Maintainers
    room: MailRoom
    author: Author
    run_id: str


def build_series(tree: KernelTree, findings: Sequence[Finding], run: RunFacts, options: SeriesOptions) -> SeriesSet:
    """Accepted findings (those without a fix are passed over) -> all series, written as commits and mails.

    CocciGenError where a message or a mail would be wrong; nothing is half done then but unreachable commits.
    """
    before = tree.state()
    fixable = [finding for finding in findings if isinstance(finding.fix, Fix)]
    maintainers = read_maintainers(tree)
    bases = {path: tree.read(path) for path in sorted({finding.file for finding in fixable})}
    seed = "\0".join([tree.commit, *sorted(finding.fingerprint for finding in fixable)])
    run_id = options.run_id or hashlib.sha256(seed.encode()).hexdigest()[:12]
    book = read_rule_book(tree, [finding.obligation for finding in fixable])
    with MailRoom(tree) as room:
        author = Author(run, options, find_prefixes(tree, bases), book)
        written, left_out = _written(author, fixable, maintainers, bases)
        workshop = _Workshop(tree, run, options, maintainers, room, author, run_id)
        series = tuple(_series(workshop, written))
    if tree.state() != before:
        raise CocciGenError(f"HEAD, the index or the work tree of {tree.root} changed during the run")
    return SeriesSet(series, left_out, maintainers.warnings)


def read_maintainers(tree: KernelTree) -> Maintainers:
    """The tree -> its MAINTAINERS; a tree without one has no section and no recipient."""
    blobs = tree.blobs()
    folders: set[str] = set()
    for path in blobs:
        while (path := path.rpartition("/")[0]) and path not in folders:
            folders.add(path)
    texts = (
        tree.read(name) if name in blobs else b"" for name in ("MAINTAINERS", ".mailmap", ".get_maintainer.ignore")
    )
    maintainers, mailmap, ignore = texts
    return Maintainers.parse(maintainers, folders, mailmap, ignore)


@dataclass(frozen=True, slots=True)
class _Written:
    """A series whose words are found: subject and body of each patch, and the cover letter."""

    section: SectionPlan
    messages: tuple[tuple[str, str], ...]
    cover: str


def _written(
    author: Author, findings: Sequence[Finding], maintainers: Maintainers, bases: Mapping[str, bytes]
) -> tuple[tuple[_Written, ...], tuple[LeftOut, ...]]:
    """Findings -> the series to be, and what is in none: a finding that cannot be put into words costs no other."""
    refused: tuple[LeftOut, ...] = ()
    while True:
        kept = [finding for finding in findings if finding not in {out.finding for out in refused}]
        sections, left_out = plan_sections(kept, maintainers, bases)
        author.subjects.clear()
        written, before = [], refused
        for section in sections:
            messages = []
            for plan in section.patches:
                try:
                    messages.append(author.message(plan))
                except MessageRefused as refusal:
                    refused += tuple(LeftOut(finding, str(refusal)) for finding in (*plan.findings, *plan.also))
            written.append((section, tuple(messages)))
        if refused == before:
            return tuple(_Written(*words, author.cover(words[0])) for words in written), (*left_out, *refused)


@dataclass(frozen=True, slots=True)
class _Formatted:
    """A series whose commits and bare mails are made, before anything was said about them."""

    section: SectionPlan
    ref: str
    messages: tuple[tuple[str, str], ...]
    commits: tuple[Commit, ...]
    cover_text: str
    cover: Mail
    mails: tuple[Mail, ...]


def _formatted(workshop: _Workshop, written: _Written) -> _Formatted:
    """One section and its words -> its commits and mails."""
    section, messages = written.section, written.messages
    drafts = [
        Draft(f"{subject}\n\n{body}\n", tuple(Change(file.path, file.after) for file in plan.files))
        for (subject, body), plan in zip(messages, section.patches, strict=True)
    ]
    ref = f"{REFS}/{workshop.run_id}/{section.slug}"
    commits = write_commits(workshop.tree, ref, drafts, workshop.options.person, workshop.room.date)
    cover, *mails = workshop.room.format(commits[-1].oid, written.cover, workshop.options.person)
    return _Formatted(section, ref, messages, commits, written.cover, cover, tuple(mails))


def _finished(
    workshop: _Workshop, made: _Formatted, complaints: Sequence[Result], origins: Sequence[Origin | NoOrigin]
) -> Series:
    """Commits and bare mails, with what checkpatch and the history say of them -> the series, proved."""
    section = made.section
    cover_envelope, patch_envelopes = envelopes(
        workshop.maintainers, [[file.path for file in plan.files] for plan in section.patches]
    )
    columns = (section.patches, made.messages, made.commits, made.mails, patch_envelopes, complaints, origins)
    patches = tuple(_patch(workshop, *parts) for parts in zip(*columns, strict=True))
    _prove(workshop, patches)
    change_id = series_change_id(section, workshop.room.date)
    cover = address(identify(made.cover, change_id), mailboxes(cover_envelope.to), mailboxes(cover_envelope.cc))
    return Series(
        title=section.title,
        slug=section.slug,
        change_id=change_id,
        ref=made.ref,
        base=workshop.tree.commit,
        cover=cover,
        cover_text=made.cover_text,
        envelope=cover_envelope,
        patches=patches,
    )


def _series(workshop: _Workshop, written: Sequence[_Written]) -> Iterator[Series]:
    """All sections -> their series; what takes long is asked for all patches at once."""
    formatted = [_formatted(workshop, words) for words in written]
    complaints = iter(_checkpatch(workshop, [mail for made in formatted for mail in made.mails]))
    places = [[(f.file, f.line) for f in plan.findings] for words in written for plan in words.section.patches]
    with ThreadPoolExecutor(max(1, workshop.options.jobs)) as pool:
        origins = pool.map(lambda place: find_origin(workshop.tree, place), places)
        for made in formatted:
            count = len(made.mails)
            yield _finished(workshop, made, list(islice(complaints, count)), list(islice(origins, count)))


def _patch(
    workshop: _Workshop,
    plan: PatchPlan,
    message: tuple[str, str],
    commit: Commit,
    mail: Mail,
    envelope: Envelope,
    complaints: Result,
    origin: Origin | NoOrigin,
) -> Patch:
    """One commit and its bare mail -> the patch with recipients and notes."""
    results = (*earlier_rungs(workshop.run, plan), _formatting(plan), complaints, Passed(Rung.MAIL))
    signed = is_signed(workshop.options, plan)
    notes = render(
        "notes",
        findings=(*plan.findings, *plan.also),
        passed=[rung.sentence for rung in passed(results)],
        problems=[f"{result.rung}: {result.reason}" for result in results if isinstance(result, NotPassed)],
        origin=origin.tag if isinstance(origin, Origin) else "",
        signed=signed,
    )
    complete = annotate(address(mail, mailboxes(envelope.to), mailboxes(envelope.cc)), notes)
    return Patch(
        subject=message[0],
        body=message[1],
        kind=plan.kind,
        paths=tuple(file.path for file in plan.files),
        fingerprints=tuple(finding.fingerprint for finding in (*plan.findings, *plan.also)),
        commit=commit,
        mail=complete,
        envelope=envelope,
        results=results,
        origin=origin,
        signed=signed,
    )


def _formatting(plan: PatchPlan) -> Result:
    """The formatting of the new lines."""
    complaints = [what for file in plan.files for what in formatting(file.before, file.after)]
    return NotPassed(Rung.FORMATTING, "; ".join(complaints)) if complaints else Passed(Rung.FORMATTING)


def _checkpatch(workshop: _Workshop, mails: Sequence[Mail]) -> list[Result]:
    """What checkpatch says about each mail."""
    try:
        found = run_checkpatch(workshop.tree, mails, jobs=workshop.options.jobs)
    except CocciGenError as error:
        return [NotRun(Rung.CHECKPATCH, str(error)) for _ in mails]
    return [
        NotPassed(Rung.CHECKPATCH, "; ".join(complaints)) if complaints else Passed(Rung.CHECKPATCH)
        for complaints in found
    ]


def _prove(workshop: _Workshop, patches: Sequence[Patch]) -> None:
    """Every finished mail must give back its commit; a mail that does not is our mistake and leaves nobody's house."""
    expected = [Expected(workshop.options.person, p.subject, p.body, p.commit.oid) for p in patches]
    for patch, problems in zip(patches, workshop.room.check([p.mail for p in patches], expected), strict=True):
        if problems:
            raise CocciGenError(f"git am would not read {patch.mail.name} as it was meant: {'; '.join(problems)}")
