"""SectionPlan -> the texts of a series.

What a run says about itself, and the messages and the cover letter made from it: nothing about tests that did not run.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from cocci_gen.document.obligations import WITHOUT_TEMPLATE
from cocci_gen.errors import CocciGenError
from cocci_gen.kernel.subject_prefix import Prefix
from cocci_gen.kernel.users import Person
from cocci_gen.series.home import KERNEL, Home
from cocci_gen.series.ladder.rungs import NotRun, Passed, Result, Rung
from cocci_gen.series.plans import PatchPlan, SectionPlan
from cocci_gen.series.rerolls.own_work import RerollRequest
from cocci_gen.series.words.breaches import words_of
from cocci_gen.series.words.drifts import new_homes
from cocci_gen.series.words.lint import SUBJECT_COLUMNS, lint_body, lint_notes, lint_subject
from cocci_gen.series.words.listings import listed, plural
from cocci_gen.series.words.messages import Background, Message, nouns_of, patch_message, render
from cocci_gen.series.words.rule_book import RuleBook

#: Stands in where git knows no name, so that a series can be looked at; nobody could send it like that.
NOBODY = Person("Your Name", "you@example.com")

#: b4 0.12 (bookworm) ends with a traceback where git folds the subject of a cover letter, [PATCH v2 00/15] too, at 78.
_TITLE_COLUMNS = 52


class MessageRefused(CocciGenError):
    """A patch cannot be put into words that a mail can carry."""


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
class CheckedMail:
    """A mail with a patch that brings what is mended: its Message-ID, the subject of the patch, and who sent it."""

    message_id: str
    subject: str
    sender: str


@dataclass(frozen=True, slots=True)
class SeriesOptions:
    """What the user asked for; `signoff` signs the patches all of whose findings (fingerprints) are `reviewed`, `build`
    gives sections the word of the compiler (builds.Builder), `checkpatch` is the script that looks at the mails, if any.

    `standing` says of findings (by fingerprint) what became of their code in the revision that the patches would go to;
    those of `withheld` are in no series, for the reason given; those of `answered` came with a mail, which the series answers.
    """

    person: Person
    run_id: str = ""
    subscriber_lists: bool = False
    signoff: bool = False
    reviewed: frozenset[str] = frozenset()
    jobs: int = 2
    build: Callable[[Sequence[SectionPlan]], tuple[SectionPlan, ...]] = tuple
    reroll: RerollRequest = field(default_factory=RerollRequest)
    standing: Mapping[str, str] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[str, CheckedMail] = field(default_factory=dict)
    home: Home = KERNEL
    checkpatch: Path | None = None


@dataclass(slots=True)
class Author:
    """Who writes the texts of one run: what is known of the run, and which subjects are taken already."""

    run: RunFacts
    options: SeriesOptions
    prefixes: Mapping[str, Prefix]
    book: RuleBook
    subjects: set[str] = field(default_factory=set)

    def message(self, plan: PatchPlan) -> tuple[str, str]:
        """A patch to be -> its subject, which no other patch of the run has, and its body, both without complaints."""
        prefix = self.prefixes[plan.files[0].path]
        message = patch_message(plan, prefix, background_of(self.run, [plan]), self.book)
        subject = _unused(message, plan, self.subjects)
        self.subjects.add(subject)
        body, signed = message.body, reading_of(self.options, plan) is Reading.SIGNED
        if signed:
            behind = "\n" if re.search(r"(?:^|\n\n)(?:[A-Z][\w-]+: [^\n]+\n?)+$", body) else "\n\n"
            body += f"{behind}Signed-off-by: {self.options.person.name} <{self.options.person.email}>"
        if complaints := (*lint_subject(subject), *lint_body(body, signed=signed)):
            raise MessageRefused(f"its message cannot be mailed: {'; '.join(complaints)}")
        return subject, body

    def cover(self, section: SectionPlan, messages: Sequence[tuple[str, str]]) -> str:
        """The cover letter: subject, blank line, body; from the messages (subject, body) of the patches."""
        documents = sorted({plan.files[0].path for plan in section.patches if plan.kind in WITHOUT_TEMPLATE})
        texts = [plan.files[0].path for plan in section.patches]
        told = [words_of(f, p.files[0].base, self.book) for p in section.patches for f in (*p.findings, *p.also)]
        wrong = [
            _first_words(body)
            for plan, (_, body) in zip(section.patches, messages, strict=True)
            if plan.kind not in WITHOUT_TEMPLATE
        ]
        subject = self._title(section)
        body = render(
            "cover",
            wrong=said_once(wrong),
            ordered=len(texts) > len(set(texts)),
            one_file=len(set(texts)) == 1,
            documents=documents,
            homes=new_homes(told),
            exchange=section.exchange,
            background=background_of(self.run, section.patches),
            command=reproducing(self.run),
        )
        if complaints := (*lint_subject(subject), *lint_notes(body)):
            raise CocciGenError(f"the cover letter for {section.title!r} cannot be mailed: {'; '.join(complaints)}")
        return f"{subject}\n\n{body}\n"

    def _title(self, section: SectionPlan) -> str:
        """The subject of a cover letter: what the patches mend, or how many they are where that is too long."""
        prefixes = {self.prefixes[file.path].text for plan in section.patches for file in plan.files}
        tops = {file.path.split("/")[0] for plan in section.patches for file in plan.files}
        prefix = prefixes.pop() if len(prefixes) == 1 else f"{tops.pop()}: " if len(tops) == 1 else "treewide: "
        background = background_of(self.run, section.patches)
        nouns = Counter(
            nouns_of(plan, background, self.book) for plan in section.patches if plan.kind not in WITHOUT_TEMPLATE
        )
        mended = [one if count == 1 else several for (one, several), count in nouns.items()]
        if section.exchange:
            what = f"use {section.exchange.come} instead of {section.exchange.gone}"
        elif mended:
            what = f"fix {listed(mended)}"
        else:
            what = "update prototypes in locking.rst"
        subject = f"{prefix}{what}"
        if len(subject) > _TITLE_COLUMNS:
            subject = f"{prefix[: _TITLE_COLUMNS // 2]}fix {len(section.patches)} breaches of VFS rules"
        return subject


def _first_words(body: str) -> str:
    """What a message says is wrong: its first paragraph, with the list that this announces."""
    first, *others = body.split("\n\n")
    return "\n\n".join([first, *others[:1]]) if first.endswith(":") else first


def said_once(paragraphs: Sequence[str]) -> list[str]:
    """Paragraphs that end in the same sentences -> what each begins with, and once what all of them say."""
    every = [re.split(r"(?<=\.) ", " ".join(one.split())) for one in paragraphs if "\n\n" not in one]
    if len(every) < 2 or len(every) != len(paragraphs):
        return list(paragraphs)
    shared = 0
    while all(len(one) > shared + 1 for one in every) and len({one[-1 - shared] for one in every}) == 1:
        shared += 1
    return [" ".join(one[: len(one) - shared]) for one in every] + ([" ".join(every[0][-shared:])] if shared else [])


def reproduction(options: Mapping[str, object]) -> str:
    """The options of a run -> the command that finds the same again, without the folders of the one who ran it."""
    words = ["cocci-gen", *(["check"] if options.get("change") else ["run"]), "--kernel", "linux"]
    words += ["--module", str(options["module"])] if options.get("module") else []
    for name, option in (("rules", "--rule"), ("paths", "--path")):
        values = options.get(name)
        words += [
            word for value in (values if isinstance(values, list | tuple) else ()) for word in (option, str(value))
        ]
    words += [str(word) for word in _list(options.get("change"))]
    return shlex.join([*words, "-o", "out"])


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def reproducing(run: RunFacts) -> str:
    """The command of a run on one line, as a mail can carry it."""
    return " ".join("".join(c if c.isprintable() else " " for c in run.command).split())


def change_id(section: SectionPlan, date: int) -> str:
    """What later versions of a series are known by: date of the base, folder name, and what the first version mends."""
    day = datetime.fromtimestamp(date, UTC).strftime("%Y%m%d")
    seed = "\0".join([section.title, *(f.fingerprint for plan in section.patches for f in plan.findings)])
    return f"{day}-{section.slug}-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"


class Reading(StrEnum):
    """How far a person is with a patch, in the words of the page: only what was read can be signed off."""

    UNREAD = "to be read"
    ACCEPTED = "accepted, to be signed off"
    SIGNED = "ready"


def reading_of(options: SeriesOptions, plan: PatchPlan) -> Reading:
    """What the user says of a patch: it is signed off only on request, and only where a person has accepted all of it."""
    found = {finding.fingerprint for finding in (*plan.findings, *plan.also)}
    if not found <= options.reviewed:
        return Reading.UNREAD
    return Reading.SIGNED if options.signoff else Reading.ACCEPTED


def earlier_rungs(run: RunFacts, plan: PatchPlan) -> tuple[Result, ...]:
    """The rungs before stage 8, and the build, which only runs when somebody asked for it."""
    reports = [set(run.checks.get(finding.fingerprint, ())) for finding in plan.findings]
    results: list[Result] = []
    for rung in (Rung.APPLIES, Rung.PARSES, Rung.GONE, Rung.NONE_NEW, Rung.CONVERGES):
        if rung is Rung.APPLIES or (not plan.by_hand and all(rung.value in report for report in reports)):
            results.append(Passed(rung))
        else:
            results.append(NotRun(rung, "edited by hand since" if plan.by_hand else "not reported by the scan"))
    return (*results, plan.built)


def _unused(message: Message, plan: PatchPlan, used: set[str]) -> str:
    """The first subject that is still free; a function of the same name elsewhere gets its file named."""
    stem = PurePosixPath(plan.files[0].path).stem
    folder = PurePosixPath(plan.files[0].path).parent.name
    longer = [f"{subject} ({place})" for place in (stem, f"{folder}/{stem}") for subject in message.subjects]
    for subject in (*message.subjects, *longer):
        if subject not in used and len(subject) <= SUBJECT_COLUMNS:
            return subject
    raise MessageRefused(f"no subject is left: {message.subjects[0]!r} is taken")


def background_of(run: RunFacts, plans: Sequence[PatchPlan]) -> Background:
    """What a text may say about tests: only what every finding of all its patches has passed."""
    rungs = set(Rung)
    for plan in plans:
        rungs &= {result.rung for result in earlier_rungs(run, plan) if isinstance(result, Passed)}
    said = [rung.sentence for rung in (Rung.PARSES, Rung.GONE, Rung.NONE_NEW) if rung in rungs]
    sentence = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    tested = f"With {plural(plans, 'the patch', 'the patches')}, {sentence}." if said else ""
    return Background(run.tool_version, run.spatch_version, run.kernel_version, tested, _compiled_words(plans))


def _compiled_words(plans: Sequence[PatchPlan]) -> str:
    """What may be said of the compiler and of tests at run time."""
    if all(plan.kind in WITHOUT_TEMPLATE for plan in plans):
        return "Not built with make htmldocs."
    patch, has = plural(plans, "The patch", "The patches"), plural(plans, "has", "have")
    if all(isinstance(plan.built, Passed) for plan in plans):
        return "Compile-tested only."
    if all(isinstance(plan.built, NotRun) for plan in plans):
        return f"{patch} {has} been neither compiled nor run."
    if len(plans) == 1:
        return f"{patch} {has} not been run."
    return "Each patch tells whether it was compiled; none has been run."
