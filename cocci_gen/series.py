"""Stage 8 of 8: Finding -> Series.

Accepted findings with fixes become commits below refs/cocci-gen/, mails that git am reads back exactly, and a cover
letter per MAINTAINERS section.  Equal findings give equal bytes, whatever the day, the machine or the user's settings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

from cocci_gen.checkpatch import run_checkpatch
from cocci_gen.commits import REFS, Change, Commit, Draft, base_date, write_commits
from cocci_gen.errors import CocciGenError
from cocci_gen.findings import Finding, Fix
from cocci_gen.kernel_tree import KernelTree, Person
from cocci_gen.ladder import NotPassed, NotRun, Passed, Result, Rung, formatting, passed
from cocci_gen.mail import Expected, Mail, MailRoom, address, annotate, identify
from cocci_gen.maintainers import Maintainers
from cocci_gen.message_lint import SUBJECT_COLUMNS, lint_body, lint_subject
from cocci_gen.message_words import listed, words_of
from cocci_gen.messages import Background, Message, patch_message, render
from cocci_gen.obligations import WITHOUT_TEMPLATE
from cocci_gen.origins import NoOrigin, Origin, find_origin
from cocci_gen.patch_plans import LeftOut, PatchPlan, SectionPlan, plan_sections
from cocci_gen.recipients import Envelope, envelopes, mailboxes
from cocci_gen.rule_book import RuleBook, read_rule_book
from cocci_gen.subject_prefix import Prefix, find_prefixes

#: Stands in where git knows no name, so that a series can be looked at; nobody could send it like that.
NOBODY = Person("Your Name", "you@example.com")


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a series says about the run that it came from."""

    tool_version: str
    spatch_version: str
    base_commit: str
    kernel_version: str
    examined: int
    unexamined: int
    command: str
    #: Fingerprint -> names of the rungs (ladder.Rung) that its fix has passed before stage 8.
    checks: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SeriesOptions:
    """What the user asked for; `signoff` signs the patches all of whose findings (fingerprints) are `reviewed`."""

    person: Person
    run_id: str = ""
    subscriber_lists: bool = False
    signoff: bool = False
    reviewed: frozenset[str] = frozenset()
    jobs: int = 2


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


@dataclass(slots=True)
class _Workshop:
    """What all series of a run need while they are made."""

    tree: KernelTree
    run: RunFacts
    options: SeriesOptions
    maintainers: Maintainers
    prefixes: Mapping[str, Prefix]
    room: MailRoom
    book: RuleBook
    run_id: str
    subjects: set[str] = field(default_factory=set)


def build_series(tree: KernelTree, findings: Sequence[Finding], run: RunFacts, options: SeriesOptions) -> SeriesSet:
    """Accepted findings (those without a fix are passed over) -> all series, written as commits and mails.

    CocciGenError where a message or a mail would be wrong; nothing is half done then but unreachable commits.
    """
    before = tree.state()
    fixable = [finding for finding in findings if isinstance(finding.fix, Fix)]
    maintainers = read_maintainers(tree)
    bases = {path: tree.read(path) for path in sorted({finding.file for finding in fixable})}
    sections, left_out = plan_sections(fixable, maintainers, bases)
    seed = "\0".join([tree.commit, *sorted(finding.fingerprint for finding in fixable)])
    run_id = options.run_id or hashlib.sha256(seed.encode()).hexdigest()[:12]
    book = read_rule_book(tree, [finding.obligation for finding in fixable])
    with MailRoom(tree) as room:
        workshop = _Workshop(tree, run, options, maintainers, find_prefixes(tree, bases), room, book, run_id)
        series = tuple(_build(workshop, section) for section in sections)
    if tree.state() != before:
        raise CocciGenError(f"HEAD, the index or the work tree of {tree.root} changed during the run")
    return SeriesSet(series, left_out, maintainers.warnings)


def read_maintainers(tree: KernelTree) -> Maintainers:
    """The tree -> its MAINTAINERS; a tree without one has no section and no recipient."""
    blobs = tree.blobs()
    folders = {str(parent) for path in blobs for parent in PurePosixPath(path).parents}
    texts = (
        tree.read(name) if name in blobs else b"" for name in ("MAINTAINERS", ".mailmap", ".get_maintainer.ignore")
    )
    maintainers, mailmap, ignore = texts
    return Maintainers.parse(maintainers, folders, mailmap, ignore)


def _build(workshop: _Workshop, section: SectionPlan) -> Series:
    """One section -> its series."""
    messages = [_message(workshop, plan) for plan in section.patches]
    drafts = [
        Draft(f"{subject}\n\n{body}\n", tuple(Change(file.path, file.after) for file in plan.files))
        for (subject, body), plan in zip(messages, section.patches, strict=True)
    ]
    ref = f"{REFS}/{workshop.run_id}/{section.slug}"
    commits = write_commits(workshop.tree, ref, drafts, workshop.options.person)
    cover_text = _cover(workshop, section)
    cover, *mails = workshop.room.format(commits[-1].oid, cover_text, workshop.options.person)
    cover_envelope, patch_envelopes = envelopes(
        workshop.maintainers, [[file.path for file in plan.files] for plan in section.patches]
    )
    complaints = _checkpatch(workshop, mails)
    patches = tuple(
        _patch(workshop, *parts)
        for parts in zip(section.patches, messages, commits, mails, patch_envelopes, complaints, strict=True)
    )
    _prove(workshop, patches)
    change_id = _change_id(workshop, section)
    addressed = address(identify(cover, change_id), mailboxes(cover_envelope.to), mailboxes(cover_envelope.cc))
    base = workshop.tree.commit
    return Series(section.title, section.slug, change_id, ref, base, addressed, cover_text, cover_envelope, patches)


def _change_id(workshop: _Workshop, section: SectionPlan) -> str:
    """What later versions of a series are known by: date of the base, folder name, and what the first version mends."""
    day = datetime.fromtimestamp(base_date(workshop.tree), UTC).strftime("%Y%m%d")
    seed = "\0".join([section.title, *(f.fingerprint for plan in section.patches for f in plan.findings)])
    return f"{day}-{section.slug}-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"


def _patch(
    workshop: _Workshop,
    plan: PatchPlan,
    message: tuple[str, str],
    commit: Commit,
    mail: Mail,
    envelope: Envelope,
    complaints: Result,
) -> Patch:
    """One commit and its bare mail -> the patch with recipients and notes."""
    origin = find_origin(workshop.tree, [(finding.file, finding.line) for finding in plan.findings])
    results = (*_earlier(workshop.run, plan), _formatting(plan), complaints, Passed(Rung.MAIL))
    signed = _signed(workshop.options, plan)
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


def _message(workshop: _Workshop, plan: PatchPlan) -> tuple[str, str]:
    """A patch to be -> its subject, which no other patch of the run has, and its body, both without complaints."""
    prefix = workshop.prefixes[plan.files[0].path]
    message = patch_message(plan, prefix, _background(workshop.run, plan), workshop.book)
    subject = _unused(message, plan, workshop.subjects)
    workshop.subjects.add(subject)
    signed = _signed(workshop.options, plan)
    body = message.body
    if signed:
        body += f"\n\nSigned-off-by: {workshop.options.person.name} <{workshop.options.person.email}>"
    if complaints := (*lint_subject(subject), *lint_body(body, signed=signed)):
        raise CocciGenError(f"the message for {plan.files[0].path} cannot be mailed: {'; '.join(complaints)}")
    return subject, body


def _unused(message: Message, plan: PatchPlan, used: set[str]) -> str:
    """The first subject that is still free; a function of the same name elsewhere gets its file named."""
    stem = PurePosixPath(plan.files[0].path).stem
    folder = PurePosixPath(plan.files[0].path).parent.name
    longer = [f"{subject} ({place})" for place in (stem, f"{folder}/{stem}") for subject in message.subjects]
    for subject in (*message.subjects, *longer):
        if subject not in used and len(subject) <= SUBJECT_COLUMNS:
            return subject
    raise CocciGenError(f"no subject is left for {plan.files[0].path}: {message.subjects[0]!r} is taken")


def _background(run: RunFacts, plan: PatchPlan) -> Background:
    """What the message may say about tests: only what every finding of the patch has passed."""
    rungs = {result.rung for result in _earlier(run, plan) if isinstance(result, Passed)}
    said = [rung.sentence for rung in (Rung.PARSES, Rung.GONE, Rung.NONE_NEW) if rung in rungs]
    tested = []
    if said:
        sentence = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
        tested.append(f"With the patch, {sentence}.")
    built = Rung.BUILDS in rungs
    tested.append("Compile-tested only." if built else "The patch has been neither compiled nor run.")
    return Background(run.tool_version, run.spatch_version, run.kernel_version, tuple(tested))


def _earlier(run: RunFacts, plan: PatchPlan) -> tuple[Result, ...]:
    """The rungs before stage 8 and the build, which only counts when somebody asked for it."""
    reports = [set(run.checks.get(finding.fingerprint, ())) for finding in plan.findings]
    results: list[Result] = []
    for rung in (Rung.APPLIES, Rung.PARSES, Rung.GONE, Rung.NONE_NEW, Rung.CONVERGES, Rung.BUILDS):
        if rung is Rung.APPLIES or all(rung.value in report for report in reports):
            results.append(Passed(rung))
        else:
            results.append(NotRun(rung, "not asked for" if rung is Rung.BUILDS else "not reported by the scan"))
    return tuple(results)


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
    expected = [Expected(workshop.options.person, p.subject, p.body, p.commit.tree) for p in patches]
    for patch, problems in zip(patches, workshop.room.check([p.mail for p in patches], expected), strict=True):
        if problems:
            raise CocciGenError(f"git am would not read {patch.mail.name} as it was meant: {'; '.join(problems)}")


def _signed(options: SeriesOptions, plan: PatchPlan) -> bool:
    """Whether the user signs this patch off: only on request, and only what a person has reviewed."""
    found = {finding.fingerprint for finding in (*plan.findings, *plan.also)}
    return options.signoff and found <= options.reviewed


def _cover(workshop: _Workshop, section: SectionPlan) -> str:
    """The cover letter: subject, blank line, body."""
    run = workshop.run
    kept = [(f, plan.files[0].base) for plan in section.patches for f in plan.findings]
    words = [words_of(f, base, workshop.book) for f, base in kept if f.obligation.kind not in WITHOUT_TEMPLATE]
    documents = sorted({f.file for f, _ in kept if f.obligation.kind in WITHOUT_TEMPLATE})
    methods = list(dict.fromkeys(f"->{word.method}()" for word in words))
    prefixes = {workshop.prefixes[file.path].text for plan in section.patches for file in plan.files}
    tops = {file.path.split("/")[0] for plan in section.patches for file in plan.files}
    prefix = prefixes.pop() if len(prefixes) == 1 else f"{tops.pop()}: " if len(tops) == 1 else "treewide: "
    backgrounds = [_background(run, plan) for plan in section.patches]
    what = (
        f"keep to the locking rules of {listed(methods)}" if words else "bring prototypes up to date with the headers"
    )
    subject = f"{prefix}{what}"
    body = render(
        "cover",
        rules=list(dict.fromkeys(rule for word in words for rule in word.rules)),
        functions=list(dict.fromkeys(f"{word.function}()" for word in words)),
        documents=documents,
        single=len(section.patches) == 1,
        background=backgrounds[0],
        examined=run.examined,
        unexamined=run.unexamined,
        command=run.command,
    )
    return f"{subject}\n\n{body}\n"
