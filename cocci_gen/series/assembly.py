"""Finding -> Series.

Accepted findings with fixes become commits below refs/cocci-gen/, mails that git am reads back exactly, and a cover
letter per MAINTAINERS section.  Equal findings give equal bytes, whatever the day, the machine or the user's settings.
"""

from __future__ import annotations

import hashlib
import os.path
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

from cocci_gen.document.obligations import WITHOUT_TEMPLATE
from cocci_gen.errors import CocciGenError
from cocci_gen.findings.findings import Finding, Fix, NoFix
from cocci_gen.kernel.mailboxes import parse_mailboxes
from cocci_gen.kernel.maintainers import Maintainers, Recipient
from cocci_gen.kernel.origins import NoOrigin, Origin, find_origin
from cocci_gen.kernel.subject_prefix import BY_PLACE, Prefix, find_prefixes
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.culprits import culprits
from cocci_gen.series.home import Home, KernelHome, ModuleHome
from cocci_gen.series.ladder.checkpatch import run_checkpatch
from cocci_gen.series.ladder.rungs import NOT_ASKED, TOLD, NotPassed, NotRun, Passed, Result, Rung, formatting, passed
from cocci_gen.series.mails.commits import REFS, Commit, Draft, FileChange, write_commits
from cocci_gen.series.mails.mail import Expected, Mail, MailRoom, NoCover, Version, address, annotate, answer, identify
from cocci_gen.series.mails.recipients import Envelope, envelopes, mailboxes
from cocci_gen.series.plans import LeftOut, PatchPlan, SectionPlan, plan_sections
from cocci_gen.series.rerolls.rerolls import Reroll
from cocci_gen.series.rerolls.revisions import Dropped, PatchRevision, Revision
from cocci_gen.series.texts import (
    NOBODY,
    Author,
    CheckedMail,
    MessageRefused,
    Reading,
    RunFacts,
    SeriesOptions,
    background_of,
    earlier_rungs,
    reading_of,
    reproducing,
)
from cocci_gen.series.texts import change_id as series_change_id
from cocci_gen.series.words.messages import beyond, render, smpl_blocks
from cocci_gen.series.words.rule_book import read_rule_book
from cocci_gen.series.words.unmapping import unmapping_helpers

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
    reading: Reading
    revision: PatchRevision

    @property
    def signed(self) -> bool:
        """Whether the user has signed it off."""
        return self.reading is Reading.SIGNED


@dataclass(frozen=True, slots=True)
class Series:
    """One series: all patches to one section of MAINTAINERS, on top of the base commit, kept under `ref`."""

    title: str
    slug: str
    change_id: str
    ref: str
    base: str
    cover: Mail | NoCover
    cover_text: str
    envelope: Envelope
    patches: tuple[Patch, ...]
    revision: Revision

    @property
    def mails(self) -> tuple[Mail, ...]:
        """The cover letter, where there is one, and the patches, in order."""
        letters = () if isinstance(self.cover, NoCover) else (self.cover,)
        return (*letters, *(patch.mail for patch in self.patches))


@dataclass(frozen=True, slots=True)
class SeriesSet:
    """All series of a run, the findings that are in none although they have a fix, and what MAINTAINERS lacks; of a later
    version also the patches that it does not have any more, and what became of the user's own edits; `mended` are the
    fingerprints of the findings without a fix that the fix of another one mends."""

    series: tuple[Series, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    dropped: tuple[Dropped, ...] = ()
    remarks: tuple[str, ...] = ()
    mended: frozenset[str] = frozenset()


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
    reroll: Reroll


def build_series(tree: KernelTree, findings: Sequence[Finding], run: RunFacts, options: SeriesOptions) -> SeriesSet:
    """Accepted findings (those without a fix are only told of) -> all series, written as commits and mails.

    CocciGenError where a message or a mail would be wrong; nothing is half done then but unreachable commits.
    """
    before = tree.state()
    withheld = [one for one in findings if isinstance(one.fix, Fix) and one.fingerprint in options.withheld]
    fixable = [one for one in findings if isinstance(one.fix, Fix) and one.fingerprint not in options.withheld]
    if fixable:
        tree.check_writable()
    home = options.home
    rules, maintainers = (
        (home.rules, home.maintainers) if isinstance(home, ModuleHome) else (tree, read_maintainers(tree))
    )
    reroll = Reroll(tree, options.reroll)
    bases = {path: tree.read(path) for path in sorted({finding.file for finding in fixable} | reroll.paths)}
    seed = "\0".join([tree.commit, *sorted(finding.fingerprint for finding in fixable), *reroll.seed])
    run_id = options.run_id or hashlib.sha256(seed.encode()).hexdigest()[:12]
    book = read_rule_book(rules, [finding.obligation for finding in fixable], run.kernel_version)
    book = replace(book, unmapping=unmapping_helpers(tree, bases))
    with MailRoom(tree, run.base_commit) as room:
        author = Author(run, options, _prefixes(tree, bases, home), book)
        workshop = _Workshop(tree, run, options, maintainers, room, author, run_id, reroll)
        unmended = [finding for finding in findings if isinstance(finding.fix, NoFix)]
        written = _written(workshop, [*fixable, *unmended], bases)
        series = tuple(_series(workshop, written.revisions))
    if tree.state() != before:
        raise CocciGenError(f"HEAD, the index or the work tree of {tree.root} changed during the run")
    outside = (*written.left_out, *(LeftOut(one, options.withheld[one.fingerprint]) for one in withheld))
    plans = [plan for one in written.revisions for plan in one.section.patches]
    mended = frozenset(one.fingerprint for one in unmended if _is_mended(one, plans))
    return SeriesSet(series, outside, maintainers.warnings, written.dropped, reroll.remarks, mended)


def _is_mended(finding: Finding, plans: Iterable[PatchPlan]) -> bool:
    """Whether a finding without a fix is in a function that a patch mends, and is not among what is left there."""
    place = (finding.file, finding.function)
    here = [plan for plan in plans if place in {(one.file, one.function) for one in plan.findings}]
    return bool(here) and not any(finding in plan.left for plan in here)


def _prefixes(tree: KernelTree, paths: Iterable[str], home: Home) -> dict[str, Prefix]:
    """Paths -> prefixes; what a place in the kernel's tree would suggest says nothing of a module."""
    found = find_prefixes(tree, paths)
    if isinstance(home, KernelHome):
        return found
    return {path: home.prefix if prefix.source == BY_PLACE else prefix for path, prefix in found.items()}


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
    """All series with their words; the findings that are in none; the patches of the version before that are in none."""

    revisions: tuple[Revision, ...]
    left_out: tuple[LeftOut, ...]
    dropped: tuple[Dropped, ...]


def _written(workshop: _Workshop, findings: Sequence[Finding], bases: Mapping[str, bytes]) -> _Written:
    """Findings -> the series to be: a finding that cannot be put into words costs no other."""
    author, reroll = workshop.author, workshop.reroll
    refused: tuple[LeftOut, ...] = ()
    while True:
        kept = [finding for finding in findings if finding not in {out.finding for out in refused}]
        sections, left_out = plan_sections(kept, workshop.maintainers, bases)
        carried = reroll.carried(sections)
        carried = replace(carried, sections=workshop.options.build(carried.sections))
        author.subjects.clear()
        messages, before = [], refused
        for section in carried.sections:
            messages.append(list[tuple[str, str]]())
            for plan in section.patches:
                try:
                    messages[-1].append(author.message(plan))
                except MessageRefused as refusal:
                    refused += tuple(LeftOut(finding, str(refusal)) for finding in (*plan.findings, *plan.also))
        if refused == before:
            break
    texts = [
        (words, author.cover(section, words), series_change_id(section, workshop.room.date))
        for section, words in zip(carried.sections, messages, strict=True)
    ]
    outside = (*left_out, *refused)
    revisions, dropped = reroll.revisions(carried, texts, {out.finding.fingerprint: out.reason for out in outside})
    return _Written(revisions, outside, dropped)


@dataclass(frozen=True, slots=True)
class _Formatted:
    """A series whose commits and bare mails are made, before anything was said about them."""

    revision: Revision
    ref: str
    commits: tuple[Commit, ...]
    cover: Mail | NoCover
    mails: tuple[Mail, ...]


def _formatted(workshop: _Workshop, revision: Revision) -> _Formatted:
    """One section and its words -> its commits and mails."""
    section = revision.section
    drafts = [
        Draft(f"{patch.subject}\n\n{patch.body}\n", tuple(FileChange(file.path, file.after) for file in plan.files))
        for patch, plan in zip(revision.patches, section.patches, strict=True)
    ]
    ref = f"{REFS}/{workshop.run_id}/{section.slug}"
    commits = write_commits(workshop.tree, ref, drafts, workshop.options.person, workshop.room.date)
    version = Version(revision.version, revision.former)
    tip, person = commits[-1].oid, workshop.options.person
    if len(commits) == 1:
        [mail] = workshop.room.format(tip, NoCover(), person, version)
        return _Formatted(revision, ref, commits, NoCover(), (identify(mail, revision.change_id),))
    cover, *mails = workshop.room.format(tip, revision.cover_text, person, version)
    return _Formatted(revision, ref, commits, identify(cover, revision.change_id), tuple(mails))


def _finished(
    workshop: _Workshop, made: _Formatted, complaints: Sequence[Result], origins: Sequence[Origin | NoOrigin]
) -> Series:
    """Commits and bare mails, with what checkpatch and the history say of them -> the series, proved."""
    section = made.revision.section
    cover_envelope, patch_envelopes = envelopes(
        workshop.maintainers,
        [[*(file.path for file in plan.files), *_headers(plan)[:1]] for plan in section.patches],
        _above(workshop.tree, section),
        [_senders(workshop.options, plan) for plan in section.patches],
    )
    columns = (section.patches, made.revision.patches, made.commits, made.mails, patch_envelopes, complaints, origins)
    patches = tuple(_patch(workshop, made, *parts) for parts in zip(*columns, strict=True))
    _prove(workshop, patches)
    change_id = made.revision.change_id
    cover = made.cover
    if not isinstance(cover, NoCover):
        every = [one for plan in section.patches for one in _answered(workshop.options, plan)]
        cover = _threaded(address(cover, mailboxes(cover_envelope.to), mailboxes(cover_envelope.cc)), every)
    return Series(
        title=section.title,
        slug=section.slug,
        change_id=change_id,
        ref=made.ref,
        base=workshop.tree.commit,
        cover=cover,
        cover_text=made.revision.cover_text,
        envelope=cover_envelope,
        patches=patches,
        revision=made.revision,
    )


def _headers(plan: PatchPlan) -> list[str]:
    """The headers that the findings of a patch to a document come from, the one with most of them first: who maintains
    them knows what is right."""
    if plan.kind not in WITHOUT_TEMPLATE:
        return []
    found = Counter(
        step.file for finding in (*plan.findings, *plan.also) for step in finding.evidence if step.file.endswith(".h")
    )
    return [path for path, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))]


def _above(tree: KernelTree, section: SectionPlan) -> list[str]:
    """The files whose lists get a copy of a series: the Makefile over all that a series across sections changes, and the
    headers that few findings of a document come from."""
    fewer = [path for plan in section.patches for path in _headers(plan)[1:]]
    if section.exchange is None:
        return fewer
    over = os.path.commonpath([file.path for plan in section.patches for file in plan.files])
    return [path for path in (f"{over}/Makefile",) if path in tree.blobs()] + fewer


def _series(workshop: _Workshop, revisions: Sequence[Revision]) -> Iterator[Series]:
    """All sections -> their series; what takes long is asked for all patches at once."""
    formatted = [_formatted(workshop, revision) for revision in revisions]
    complaints = iter(_checkpatch(workshop, [mail for made in formatted for mail in made.mails]))
    places = [culprits(plan) for one in revisions for plan in one.section.patches]
    with ThreadPoolExecutor(max(1, workshop.options.jobs)) as pool:
        origins = pool.map(lambda place: find_origin(workshop.tree, place, workshop.run.base_commit), places)
        for made in formatted:
            count = len(made.mails)
            yield _finished(workshop, made, list(islice(complaints, count)), list(islice(origins, count)))


def _patch(
    workshop: _Workshop,
    made: _Formatted,
    plan: PatchPlan,
    revision: PatchRevision,
    commit: Commit,
    mail: Mail,
    envelope: Envelope,
    complaints: Result,
    origin: Origin | NoOrigin,
) -> Patch:
    """One commit and its bare mail -> the patch with recipients and notes."""
    results = (*earlier_rungs(workshop.run, plan), _formatting(plan), complaints, Passed(Rung.MAIL))
    reading, not_built = reading_of(workshop.options, plan), plan.built
    single = isinstance(made.cover, NoCover)
    notes = render(
        "notes",
        findings=(*plan.findings, *plan.also),
        document=plan.kind in WITHOUT_TEMPLATE,
        semantic_patches=smpl_blocks(plan),
        beyond=beyond(plan),
        background=background_of(workshop.run, [plan]),
        standing=_standing(workshop.options, plan),
        answered=_answered(workshop.options, plan),
        left=plan.left,
        command=reproducing(workshop.run) if single else "",
        passed=[rung.sentence for rung in passed(results) if rung in TOLD],
        problems=[f"{result.rung}: {result.reason}" for result in results if isinstance(result, NotPassed)],
        not_built=not_built.reason if isinstance(not_built, NotRun) and not_built.reason != NOT_ASKED else "",
        origins=origin.tags if isinstance(origin, Origin) else (),
        no_origin=origin.reason if isinstance(origin, NoOrigin) and _wants_origin(workshop.options, plan) else "",
        signed=reading is Reading.SIGNED,
    )
    # What changed in the patch stands in the history of the series too.
    notes = "\n\n".join((*(made.revision if single else revision).history, notes))
    addressed = address(mail, mailboxes(envelope.to), mailboxes(envelope.cc))
    complete = annotate(_threaded(addressed, _answered(workshop.options, plan)) if single else addressed, notes)
    return Patch(
        subject=revision.subject,
        body=revision.body,
        kind=plan.kind,
        paths=tuple(file.path for file in plan.files),
        fingerprints=tuple(finding.fingerprint for finding in (*plan.findings, *plan.also)),
        commit=commit,
        mail=complete,
        envelope=envelope,
        results=results,
        origin=origin,
        reading=reading,
        revision=revision,
    )


def _answered(options: SeriesOptions, plan: PatchPlan) -> list[CheckedMail]:
    """The mails that bring what a patch mends, each once."""
    found = (options.answered.get(finding.fingerprint) for finding in plan.findings)
    return list(dict.fromkeys(one for one in found if one is not None))


def _threaded(mail: Mail, every: Sequence[CheckedMail]) -> Mail:
    """The first mail of a series as an answer to the first of the mails that bring what it mends."""
    return answer(mail, every[0].message_id) if every else mail


def _wants_origin(options: SeriesOptions, plan: PatchPlan) -> bool:
    """Whether a reader asks for a Fixes: tag: the kernel has them, and what a mail still brings has none to name."""
    return isinstance(options.home, KernelHome) and not _answered(options, plan)


def _senders(options: SeriesOptions, plan: PatchPlan) -> list[Recipient]:
    """Those whose patches bring what a patch mends."""
    return [
        Recipient(box, "author", f'sent "{one.subject}"')
        for one in _answered(options, plan)
        for box in parse_mailboxes(one.sender)
    ]


def _standing(options: SeriesOptions, plan: PatchPlan) -> list[str]:
    """What became of the code of a patch in the revision that was asked about, in words, once for each function."""
    found = (
        f"{finding.function}() is {options.standing[finding.fingerprint]}"
        for finding in plan.findings
        if finding.fingerprint in options.standing
    )
    return list(dict.fromkeys(found))


def _formatting(plan: PatchPlan) -> Result:
    """The formatting of the new lines."""
    complaints = [what for file in plan.files for what in formatting(file.before, file.after)]
    return NotPassed(Rung.FORMATTING, "; ".join(complaints)) if complaints else Passed(Rung.FORMATTING)


def _checkpatch(workshop: _Workshop, mails: Sequence[Mail]) -> list[Result]:
    """What the checkpatch.pl that the user has named says about each mail; none of the tree at hand is run."""
    script = workshop.options.checkpatch
    if script is None:
        return [NotRun(Rung.CHECKPATCH, NOT_ASKED) for _ in mails]
    found = run_checkpatch(script, mails, jobs=workshop.options.jobs)
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
