"""A mail, an mbox or a diff -> Patch: which mails of a thread are the patches of its series, as b4 would take them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from email.header import decode_header, make_header

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.binary_parts import without_binaries
from cocci_gen.kernel.damage import Broken, Damage, Doubtful, Sound, damage_of
from cocci_gen.kernel.mail_files import Mail, NoMail, Piece, pieces, unpacked

_DIFF = re.compile(rb"^(?:diff --git |Index: |--- [^\n]+\n\+\+\+ )", re.MULTILINE)
#: What stands before the words of a subject: brackets, and what programs put before an answer.
_BEFORE = re.compile(r"(?:\[[^\]]*\]\s*|(?:re|aw|sv|vs|antw|fwd?)\s*(?:\[\d+\]|\(\d+\))?:\s*)*", re.IGNORECASE)
_ANSWERS = re.compile(r"(?:^|\]\s*)(?:re|aw|sv|vs|antw)\s*(?:\[\d+\]|\(\d+\))?:", re.IGNORECASE)
_OWN = re.compile(r"\[[^\]]*(?:\bPATCH|\bRFC\b|\b\d+/\d+\b)[^\]]*\]", re.IGNORECASE)
_NUMBER = re.compile(r"\[[^\]]*?\b(\d+)/(\d+)\b[^\]]*\]")
_VERSION = re.compile(r"\[[^\]]*?\bv(\d+)\b[^\]]*\]", re.IGNORECASE)
_BASE = re.compile(rb"^base-commit: ([0-9a-f]{7,64})\s*$", re.MULTILINE)
_ID = re.compile(r"<[^<>\s]+>")
_MOST = 999
#: Answers that a note names.
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Letter:
    """What an answer needs of the mail that brought a patch; headers are decoded, body as it came."""

    subject: str
    sender: str
    reply_to: str
    to: str
    cc: str
    date: str
    message_id: str
    references: str


@dataclass(frozen=True, slots=True)
class NoLetter:
    """The patch came without a mail around it."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch: its subject without [PATCH ...], its number in the series (0 where it has none) and of how many, the diff, and
    whether that is whole; `line` is where the diff begins in the file, 0 where it is coded there, `mail_line` where the mail
    does."""

    subject: str
    number: int
    total: int
    diff: bytes
    letter: Letter | NoLetter
    damage: Damage = field(default_factory=Sound)
    line: int = 0
    mail_line: int = 0
    #: Binary files that the mail says are different without their data.
    binaries: tuple[str, ...] = ()

    def broken(self, name: str) -> str:
        """Where in the file `name` it shows that a hunk is not whole, and why; "" for a whole diff."""
        if not isinstance(self.damage, Broken):
            return ""
        at = self.damage.line
        place = (
            f"line {self.line + at - 1} of {name}"
            if self.line
            else f"line {at} of the diff in the mail at line {self.mail_line} of {name}"
        )
        return f"{place} {self.damage.reason}"


@dataclass(frozen=True, slots=True)
class PatchSeries:
    """The patches in the order in which they apply; `base` is the commit that they name ("" for none), `version` what their
    subjects say, `versions` what others in the file say, `older` the numbers of the patches that come from the version before,
    of which only some were sent again; `answers` are mails of the thread that hold a diff and are no patches of the series;
    `crlf` says that lines of the file end in CR LF."""

    patches: tuple[Patch, ...]
    base: str
    version: int = 1
    versions: tuple[int, ...] = ()
    older: tuple[int, ...] = ()
    answers: tuple[str, ...] = ()
    crlf: bool = False

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers that a mail of the series counts and that no patch here has."""
        there = {patch.number for patch in self.patches}
        return tuple(number for number in range(1, self._total + 1) if number not in there)

    def place(self, patch: Patch, index: int) -> str:
        """What a patch is called, as its mail has it where all patches have numbers; else where it stands in the file."""
        return f"{patch.number}/{patch.total}" if self._total else f"{index}/{len(self.patches)}"

    @property
    def _total(self) -> int:
        """Of how many the series is, as all its mails say; 0 where they do not."""
        numbers = {patch.number for patch in self.patches}
        totals = {patch.total for patch in self.patches}
        sound = len(totals) == 1 and len(numbers) == len(self.patches) and 0 not in numbers
        total = max(totals, default=0)
        return total if sound and max(numbers) <= total <= _MOST else 0

    def remarks(self) -> tuple[str, ...]:
        """What was chosen among the mails of the file, in sentences; nothing where there was no choice."""
        found = ["lines of the file end in CR LF and are read as if they ended in LF"] if self.crlf else []
        if binaries := [name for patch in self.patches for name in patch.binaries]:
            more = [f"{len(binaries) - _NAMED} more"] if len(binaries) > _NAMED else []
            listed = "; ".join([*binaries[:_NAMED], *more])
            found.append(f"binary files whose data the diff does not hold (git diff --binary) are left out: {listed}")
        if self.versions:
            listed = ", ".join(f"v{number}" for number in self.versions)
            found.append(f"the file also holds {listed} of the series; v{self.version} is checked")
        if self.older:
            listed = ", ".join(map(str, self.older))
            found.append(
                f"only a part of the series was sent again as v{self.version}: {_patches(self.older)} {listed} "
                f"{_are(self.older)} taken from v{self.version - 1}"
            )
        if self.answers:
            more = [f"{len(self.answers) - _NAMED} more"] if len(self.answers) > _NAMED else []
            listed = "; ".join([*self.answers[:_NAMED], *more])
            one = len(self.answers) == 1
            what = (
                "1 answer of the thread holds a diff that is"
                if one
                else f"{len(self.answers)} answers of the thread hold diffs that are"
            )
            found.append(f"{what} no part of the series and not checked: {listed}")
        return tuple(found)

    def doubts(self) -> tuple[str, ...]:
        """Why less may be checked than was sent, in sentences."""
        found = []
        if self.missing:
            listed = ", ".join(map(str, self.missing))
            total = self.patches[0].total
            found.append(f"{_patches(self.missing)} {listed} of {total} {_are(self.missing)} not in the file")
        for index, patch in enumerate(self.patches, 1):
            if isinstance(patch.damage, Doubtful):
                found.append(
                    f"{called(self, patch, index)}, in the mail at line {patch.mail_line}, may have been cut, or was edited by "
                    f"hand: {patch.damage.reason}"
                )
        return tuple(found)


def called(series: PatchSeries, patch: Patch, index: int) -> str:
    """A patch as errors name it, by its number as in its subject."""
    place = f"patch {series.place(patch, index)}"
    return f'{place} ("{patch.subject}")' if patch.subject else place


def _patches(numbers: Sequence[int]) -> str:
    return "patch" if len(numbers) == 1 else "patches"


def _are(numbers: Sequence[int]) -> str:
    return "is" if len(numbers) == 1 else "are"


@dataclass(frozen=True, slots=True)
class _Sent:
    """A mail with a diff: which version it is of, whether it is an answer, and whether it stands below another mail of
    the file."""

    patch: Patch
    version: int
    answer: bool
    below: bool


@dataclass(slots=True)
class _Thread:
    """All mails of a file: what each of them answers to, by Message-ID."""

    parents: dict[str, str] = field(default_factory=dict)

    def ancestors(self, name: str) -> Iterable[str]:
        """The mails above one in the thread, the nearest first."""
        seen = {name}
        while (name := self.parents.get(name, "")) and name not in seen:
            seen.add(name)
            yield name


def read_patches(data: bytes, name: str, before: int = 0) -> PatchSeries:
    """The bytes of a mail, an mbox or a diff, gzipped or not -> its patches; KernelTreeError where there are none.

    Cover letters hold no diff, and answers with one are no patches of the series; both are passed over.  Of several versions
    of a series the latest counts, with `before` the latest below that, if there is one; where only some patches were sent again,
    each below its former version, the others are those of the version before.
    """
    plain = unpacked(data, name)
    if plain.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise KernelTreeError(
            f"{name} is UTF-16, as some shells write what a program prints; write it with `git diff --output=FILE` or "
            f"`git format-patch`, or save it as UTF-8"
        )
    found = list(pieces(plain))
    thread = _Thread({identity: _parent(one.mail) for one in found if (identity := _identity(one.mail))})
    sent = [_sent(one, diff, thread) for one in found if (diff := _diff_of(one.text))]
    if not sent:
        raise KernelTreeError(f"{name} holds no patch: {_nothing_because(found)}")
    patches, answers = _told_apart(sent)
    known = sorted({one.version for one in patches})
    latest = max([version for version in known if version < before] or known)
    kept, older = _reroll(patches, latest, thread)
    if all(patch.number for patch in kept):
        kept = sorted(kept, key=lambda patch: patch.number)
    bases = [match[1].decode() for one in found if _version(one.mail) == latest for match in _BASE.finditer(one.text)]
    bases = bases or [match[1].decode() for one in found for match in _BASE.finditer(one.text)]
    others = tuple(version for version in known if version != latest)
    named = tuple(_named(one.patch) for one in answers)
    base = bases[-1] if bases else ""
    return PatchSeries(tuple(kept), base, latest, others, older, named, b"\r\n" in plain)


def _told_apart(sent: Sequence[_Sent]) -> tuple[list[_Sent], list[_Sent]]:
    """The patches, and the answers that show what somebody would have written; answers alone are what is to be checked."""
    plain = [one for one in sent if not one.answer] or sent
    counted = {one.version for one in plain if one.patch.total > 1}
    # Another solution that somebody sends below a patch of a series is counted by nobody.
    strangers = [one for one in plain if one.version in counted and one.below and one.patch.total < 2]
    chosen = [one for one in plain if one not in strangers]
    return chosen, [one for one in sent if one not in chosen]


def _reroll(patches: Sequence[_Sent], version: int, thread: _Thread) -> tuple[list[Patch], tuple[int, ...]]:
    """The patches of a version, and the numbers of those that only the version before has, where some were sent again, each
    somewhere below the former one of the same number."""
    kept = _once([one.patch for one in patches if one.version == version])
    former = _once([one.patch for one in patches if one.version == version - 1])
    by_name = {_name_of(patch): (patch.number, patch.total) for patch in former}
    again = all(
        any(by_name.get(name) == (patch.number, patch.total) for name in thread.ancestors(_name_of(patch)))
        for patch in kept
    )
    numbers = {patch.number for patch in kept}
    if not again or 0 in numbers:
        return kept, ()
    left = [patch for patch in former if patch.number and patch.number not in numbers]
    return [*kept, *left], tuple(sorted(patch.number for patch in left))


def _once(patches: Sequence[Patch]) -> list[Patch]:
    """Each mail once: a thread that was fetched from two lists has it twice."""
    seen: dict[object, Patch] = {}
    for patch in patches:
        seen.setdefault(_name_of(patch) or replace(patch, line=0, mail_line=0), patch)
    return list(seen.values())


def _name_of(patch: Patch) -> str:
    """The Message-ID of the mail of a patch; "" where it has none."""
    return _first_id(patch.letter.message_id) if isinstance(patch.letter, Letter) else ""


def message_id(patch: Patch) -> str:
    """The Message-ID of the mail of a patch, as a header may hold it; "" where there is none that one may."""
    return whole_id(_name_of(patch))


def whole_id(text: str) -> str:
    """A text that is one Message-ID and may stand in a header; "" for any other: run folders and mails come from strangers."""
    return text if _ID.fullmatch(text) and text.isascii() and text.isprintable() else ""


def _named(patch: Patch) -> str:
    """An answer as a note names it."""
    if isinstance(patch.letter, NoLetter):
        return patch.subject
    return f'"{patch.letter.subject}" by {re.sub(r"<[^>]*>", "", patch.letter.sender).strip() or patch.letter.sender}'


def _first_id(text: str) -> str:
    found = _ID.search(text)
    return found[0] if found else text


def _identity(mail: Mail) -> str:
    return _first_id(_header(mail, "Message-ID"))


def _parent(mail: Mail) -> str:
    """What a mail answers to: as In-Reply-To says, else the last of its references."""
    found = _ID.findall(_header(mail, "In-Reply-To")) or _ID.findall(_header(mail, "References"))[-1:]
    return found[0] if found else ""


def _sent(one: Piece, diff: bytes, thread: _Thread) -> _Sent:
    subject = _header(one.mail, "Subject")
    before = _BEFORE.match(subject)
    head = before[0] if before else ""
    answers = _ANSWERS.search(head) is not None
    own = not answers and _OWN.search(head) is not None
    below = _parent(one.mail) in thread.parents
    return _Sent(_patch(one, diff), _version(one.mail), answers or (below and not own), below)


def _nothing_because(found: Iterable[Piece]) -> str:
    """Why nothing was found, and the way out."""
    mails = [one.mail for one in found if not isinstance(one.mail, NoMail)]
    if any(part.get_content_type() == "text/html" for mail in mails for part in mail.walk()):
        return (
            "a mail is HTML without a diff in plain text; take it from the list's archive, or ask for `git send-email`"
        )
    return "no mail with a diff, and no diff (`git diff`, `git format-patch`)"


def _diff_of(body: bytes) -> bytes:
    found = _DIFF.search(body)
    return body[found.start() :] if found else b""


def _header(mail: Mail, name: str) -> str:
    """A header as one decoded line."""
    value = mail.get(name) if not isinstance(mail, NoMail) else None
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value))))
    except (ValueError, LookupError):
        text = str(value)
    return " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())


def _version(mail: Mail) -> int:
    found = _VERSION.match(_header(mail, "Subject"))
    return int(found[1]) if found else 1


def _patch(one: Piece, diff: bytes) -> Patch:
    subject = _header(one.mail, "Subject")
    number = _NUMBER.match(subject)
    plain = _BEFORE.sub("", subject, count=1)
    letter: Letter | NoLetter = NoLetter()
    if not isinstance(one.mail, NoMail) and _header(one.mail, "From"):
        names = ("Subject", "From", "Reply-To", "To", "Cc", "Date", "Message-ID", "References")
        letter = Letter(*(_header(one.mail, name) for name in names))
        if not letter.references:
            letter = replace(letter, references=_header(one.mail, "In-Reply-To"))
    counts = (int(number[1]), int(number[2])) if number else (0, 0)
    at = one.raw.find(diff.rstrip())
    line = one.line + one.raw.count(b"\n", 0, at) if at >= 0 else 0
    damage = damage_of(diff, one.text.removesuffix(diff))
    whole, binaries = without_binaries(diff)
    return Patch(plain, *counts, whole, letter, damage, line, one.line, binaries)
