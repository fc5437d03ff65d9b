"""Port -> the mails of its series: for each section of MAINTAINERS (or for the module) one patch per evolution.

The commits are made in a repository of our own; nothing is written into the user's.  `git am` of the mails in their order gives
the ported code to the byte, and is tried here before they leave the house.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cocci_gen import temporary
from cocci_gen.document.diff import RuleChange
from cocci_gen.errors import CocciGenError
from cocci_gen.kernel.mailboxes import Mailbox
from cocci_gen.kernel.maintainers import Maintainers
from cocci_gen.kernel.subject_prefix import Prefix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.port.changes.evolutions import Evolution
from cocci_gen.port.edits.patches import ChangeSet, change_sets, parts_of
from cocci_gen.port.output.messages import Story, Words, words_of_patch
from cocci_gen.port.output.report import Port, counted
from cocci_gen.port.texts.scratch import scratch_tree
from cocci_gen.runs.folder import write_files
from cocci_gen.series.ladder.checkpatch import run_checkpatch
from cocci_gen.series.mails.commits import REFS, Draft, FileChange, base_date, write_commits
from cocci_gen.series.mails.mail import Expected, Mail, MailRoom, NoCover, address, annotate
from cocci_gen.series.mails.recipients import Envelope, envelopes, mailboxes
from cocci_gen.series.words.lint import SUBJECT_COLUMNS
from cocci_gen.series.words.messages import reflow

_OURS = re.compile(r"[a-z0-9-]+/\d{4}-[\w.-]+\.patch|series\.txt")


@dataclass(frozen=True, slots=True)
class Addressee:
    """For whom a series is: the section of a path, the people of MAINTAINERS, the prefixes of subjects by path, who sends it, the
    commit that it applies to ("" where there is none), and the date of its mails: that of the code, so that equal ports are equal
    mails."""

    section_of: Callable[[str], str]
    maintainers: Maintainers
    prefixes: Mapping[str, Prefix]
    person: Person
    base: str
    date: int


@dataclass(frozen=True, slots=True)
class PortSeries:
    """The mails to one section, in order, the cover letter first, and what checkpatch says of each patch (None: not asked)."""

    title: str
    slug: str
    mails: tuple[Mail, ...]
    patches: int
    complaints: tuple[str, ...]


def port_series(
    port: Port,
    texts: Mapping[str, bytes],
    addressee: Addressee,
    rows: Mapping[tuple[str, str], tuple[RuleChange, ...]],
    commits: Mapping[str, str],
    checked_by: Path | None = None,
) -> tuple[PortSeries, ...]:
    """A port, the code before it, for whom it is, what changed in the document by structure and method, and the commits that made
    the evolutions (by id) -> the series, looked at by a checkpatch.pl where one is named; CocciGenError where a mail would
    not give back what it should."""
    evolutions = {one.evolution.id: one.evolution for one in port.used}
    found = []
    with (
        tempfile.TemporaryDirectory(prefix=temporary.prefix("port-series")) as name,
        scratch_tree(Path(name), texts, addressee.date) as tree,
        MailRoom(tree) as room,
    ):
        for title, sets in _by_section(change_sets(port.ported.applied, addressee.section_of)).items():
            told = _words(port, sets, evolutions, addressee, rows, commits)
            found.append(_series(title, sets, told, port, addressee, tree, room, checked_by))
    return tuple(found)


def _by_section(sets: Sequence[ChangeSet]) -> dict[str, list[ChangeSet]]:
    found: dict[str, list[ChangeSet]] = {}
    for one in sets:
        found.setdefault(one.section, []).append(one)
    return dict(sorted(found.items()))


def _words(
    port: Port,
    sets: Sequence[ChangeSet],
    evolutions: Mapping[str, Evolution],
    addressee: Addressee,
    rows: Mapping[tuple[str, str], tuple[RuleChange, ...]],
    commits: Mapping[str, str],
) -> list[Words]:
    parts = parts_of(sets)
    told = []
    seen: Counter[str] = Counter()
    for one in sets:
        struct, _, method = one.evolution.partition(".")
        story = Story(commits.get(one.evolution, ""), rows.get((struct, method), ()))
        prefix = Counter(addressee.prefixes[path] for path in one.paths).most_common(1)[0][0]
        words = words_of_patch(
            one, evolutions.get(one.evolution), prefix, parts[id(one)], story, " and ".join(port.titles)
        )
        seen[words.subject] += 1
        if seen[words.subject] > 1:  # git and people tell patches by their subjects
            ending = f" ({seen[words.subject]})"
            words = Words(words.subject[: SUBJECT_COLUMNS - len(ending)].rstrip() + ending, words.body, words.notes)
        if words.complaints:
            raise CocciGenError(f"the patch for {one.evolution} cannot be put into words: {words.complaints[0]}")
        told.append(words)
    return told


def _series(
    title: str,
    sets: Sequence[ChangeSet],
    told: Sequence[Words],
    port: Port,
    addressee: Addressee,
    tree: KernelTree,
    room: MailRoom,
    checked_by: Path | None,
) -> PortSeries:
    """One series: commits, mails, the proof that they can be read back, recipients, notes."""
    person = addressee.person
    drafts = [
        Draft(f"{words.subject}\n\n{words.body}\n", tuple(FileChange(path, one.files[path]) for path in one.paths))
        for words, one in zip(told, sets, strict=True)
    ]
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40].strip("-") or "series"
    commits = write_commits(tree, f"{REFS}/{slug}", drafts, person, base_date(tree))
    cover = _cover(title, sets, port) if len(sets) > 1 else NoCover()
    mails = room.format(commits[-1].oid, cover, person)
    letters, patches = mails[: len(mails) - len(sets)], mails[len(mails) - len(sets) :]
    expected = [
        Expected(person, words.subject, words.body, commit.oid) for words, commit in zip(told, commits, strict=True)
    ]
    for mail, problems in zip(patches, room.check(patches, expected), strict=True):
        if problems:
            raise CocciGenError(f"{mail.name}: {problems[0]}")
    front, back = envelopes(addressee.maintainers, [one.paths for one in sets])
    made = [_based(address(mail, *_people(front)), addressee.base) for mail in letters]
    for mail, words, envelope in zip(patches, told, back, strict=True):
        made.append(_based(annotate(address(mail, *_people(envelope)), words.notes), addressee.base))
    return PortSeries(title, slug, tuple(made), len(patches), _complaints(checked_by, made[len(letters) :]))


def _people(envelope: Envelope) -> tuple[Sequence[Mailbox], Sequence[Mailbox]]:
    return mailboxes(envelope.to), mailboxes(envelope.cc)


def _based(mail: Mail, base: str) -> Mail:
    """The commit on which the patches stand is one of the user's, and not that of our own repository."""
    line = f"base-commit: {base}\n".encode() if base else b""
    return Mail(mail.name, re.sub(rb"(?m)^base-commit: [0-9a-f]+\n", lambda _: line, mail.data))


def _complaints(script: Path | None, mails: Sequence[Mail]) -> tuple[str, ...]:
    if script is None:
        return ()
    found = zip(mails, run_checkpatch(script, mails), strict=True)
    return tuple(f"{mail.name}: {line}" for mail, lines in found for line in lines)


def _cover(title: str, sets: Sequence[ChangeSet], port: Port) -> str:
    """Subject and text of a cover letter."""
    paths = {path for one in sets for path in one.files}
    left = sum(path in paths for path in port.left_in)
    text = (
        f"Prototypes, members and helpers changed between {port.titles[0]} and {port.titles[1]}.  These patches carry "
        f"{len(paths)} files over, one patch for each thing that changed; the semantic patch that made it and what it "
        "rests on stand below the cut of each."
    )
    rest = (
        f"{counted(port.left, 'place')} left to a person, {left} of them in these files, are named in port.txt."
        if left
        else "Nothing in these files is known to be left."
    )
    order = (
        "The patches apply in this order.  Each leaves code that parses; as the headers have changed already, a file "
        "compiles again only when all patches to it are applied and what is left is done."
    )
    return (
        f"{title[:40]}: carry over to {port.titles[1]}"[:SUBJECT_COLUMNS]
        + "\n\n"
        + reflow(f"{text}\n\n{rest}\n\n{order}")
    )


def write_port_series(folder: Path, made: Sequence[PortSeries]) -> tuple[str, ...]:
    """All series -> their files below a folder, `series.txt` with what `git am` takes in order; mails of an earlier run go,
    and nothing is left of the folder where there is no series."""
    files = {f"{one.slug}/{mail.name}": mail.data for one in made for mail in one.mails}
    listing = [f"{one.title}: {one.patches} patches in {one.slug}/" for one in made]
    listing += [f"  checkpatch: {line}" for one in made for line in one.complaints]
    if made:
        files["series.txt"] = ("\n".join(listing) + "\n").encode("utf-8", "replace")
    write_files({folder / inside: data for inside, data in files.items()})
    for place in sorted(folder.rglob("*")) if folder.is_dir() else ():
        inside = place.relative_to(folder).as_posix()
        if place.is_file() and _OURS.fullmatch(inside) and inside not in files:
            place.unlink()
    for place in sorted((folder, *folder.glob("*/")), reverse=True) if folder.is_dir() and not made else ():
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    return tuple(listing)
