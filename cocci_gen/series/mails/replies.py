"""A patch mail and what the patch breaks -> the answer to it, as a file that a person reads and sends.

Threaded below the mail, to its author and all who got it; the hunk quoted, the rule as the document has it, the path, and
the fix as a diff on top of the patch.  Nothing is sent, and nobody is told that a person wrote it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cocci_gen.findings.findings import Finding, Fix
from cocci_gen.kernel.mailboxes import Mailbox, address_header, encoded_words, parse_mailboxes
from cocci_gen.kernel.patches import Letter, Patch
from cocci_gen.kernel.users import Person
from cocci_gen.series.words.listings import evidence, path_steps
from cocci_gen.series.words.messages import consequence
from cocci_gen.series.words.rule_book import RuleBook

_ID = re.compile(r"<[^<>\s]{1,250}>")
_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@[^\n]*\n(?:[ +\-\\][^\n]*\n?|\n)*", re.MULTILINE)
_FILE = re.compile(rb"^(--- [^\t\n]*)[^\n]*\n(\+\+\+ (?:b/)?([^\t\n]+))[^\n]*\n", re.MULTILINE)
_CALL = re.compile(r"\b([A-Za-z_]\w*) ?\(")
#: The head of a function: in the line of a hunk that says where it is, or in the hunk, at the beginning of a line.
_DEFINED = re.compile(r"^(?:@@[^@]*@@ |[ +])(?=[A-Za-z_])[^=;\n]*?\b([A-Za-z_]\w*) ?\(", re.MULTILINE)
#: What stands below the last hunk of a mail: "-- ", which looks like a line that is taken away.
_SIGNATURE = re.compile(rb"\n-- ?\n*\Z")
#: Lines of a hunk that are quoted around one that matters, and of one that is quoted whole.
_AROUND = 6
_SHORT = 24
#: Hunks that are quoted for one finding.
_HUNKS = 3
_COLUMNS = 72

#: A path -> its text after the patch.
Source = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Broken:
    """A patch, what it brings, and the files as it leaves them; those of the findings whose fingerprints are among `stood` are in
    the version `former` of the series too."""

    patch: Patch
    findings: Sequence[Finding]
    source: Source
    former: str = ""
    stood: frozenset[str] = frozenset()
    #: Fingerprint -> the later patch of the series with which it is gone.
    menders: Mapping[str, str] = field(default_factory=dict)


def answers(book: RuleBook, person: Person, broken: Sequence[Broken]) -> Iterator[tuple[str, bytes]]:
    """The rules, who answers, and each patch with what it brings -> (file name, mail) for every mail with something to say."""
    for place, one in enumerate(broken, 1):
        patch = one.patch
        if one.findings and isinstance(patch.letter, Letter):
            slug = re.sub(r"[^A-Za-z0-9.]+", "-", patch.subject).strip(".-")[:52] or "patch"
            yield f"{patch.number or place:04d}-re-{slug}.eml", _mail(book, person, one, patch.letter)


def _mail(book: RuleBook, person: Person, broken: Broken, letter: Letter) -> bytes:
    body = "\n".join(_body(book, broken, letter))
    coding = "" if body.isascii() else "Content-Transfer-Encoding: 8bit\n"
    headers = _headers(person, letter)
    kind = f"MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n{coding}"
    return f"{headers}{kind}\n{body}\n".encode("utf-8", "surrogateescape")


def _headers(person: Person, letter: Letter) -> str:
    """From, To, Cc, Subject and what threads the answer; addresses that cannot stand in a header are left out."""
    own = Mailbox(person.name, person.email)
    to = _addressed(person, letter)
    seen = {own.address.lower(), *(one.address.lower() for one in to)}
    cc = _mailable(", ".join(filter(None, (letter.to, letter.cc))), seen)
    subject = letter.subject if re.match(r"(?i)re:", letter.subject) else f"Re: {letter.subject}"
    lines = address_header("From", [own] if own.mailable else [])
    lines += address_header("To", to) + address_header("Cc", cc)
    lines += f"Subject: {subject if subject.isascii() else encoded_words(subject)}\n"
    if names := _ID.findall(letter.message_id):
        earlier = [one for one in _ID.findall(letter.references) if one not in names]
        lines += f"In-Reply-To: {names[-1]}\nReferences: " + "\n ".join([*earlier[-20:], names[-1]]) + "\n"
    return lines


def _addressed(person: Person, letter: Letter) -> list[Mailbox]:
    """Whom the answer is to: the author, or where that is oneself whoever the patch was to, else oneself."""
    own = {person.email.lower()}
    author = letter.reply_to or letter.sender
    return _mailable(author, own) or _mailable(letter.to, own) or _mailable(letter.cc, own) or _mailable(author, set())


def lacking(person: Person, letter: Letter) -> tuple[str, ...]:
    """What an answer to a mail lacks, and why: to be told to who sends it."""
    alone = "the patch has no Message-ID, so it will stand alone and not below the patch (a mail of lore has one)"
    nobody = "the patch names no address, so it has no To:"
    return tuple(
        why
        for why, there in ((alone, _ID.search(letter.message_id)), (nobody, _addressed(person, letter)))
        if not there
    )


def _mailable(text: str, known: set[str]) -> list[Mailbox]:
    """The mailboxes of a header, each once, without those that are known."""
    found: dict[str, Mailbox] = {}
    for one in parse_mailboxes(text):
        if one.mailable and one.address.lower() not in known:
            found.setdefault(one.address.lower(), one)
    return list(found.values())


def _body(book: RuleBook, broken: Broken, letter: Letter) -> Iterator[str]:
    yield f"On {letter.date}, {_name(letter.sender)} wrote:" if letter.date else f"{_name(letter.sender)} wrote:"
    quoted = set[bytes]()
    for finding in broken.findings:
        path = ""
        text = broken.source(finding.file)
        hunks = _hunks_of(broken.patch.diff, finding, text)
        for hunk, marks in hunks:
            if hunk.text not in quoted:
                quoted.add(hunk.text)
                yield from _quote(hunk, marks, headed=hunk.path != path)
                path = hunk.path
        yield ""
        if not any(marks for _, marks in hunks):
            yield _filled("No hunk of the patch holds these lines: what it changes comes to them from elsewhere.")
            yield ""
        if finding.fingerprint in broken.stood:
            yield f"As in {broken.former}:"
            yield ""
        yield from _about(book, finding, text, broken.menders.get(finding.fingerprint, ""))
    yield _filled("cocci-gen found this by reading the code against the rules of the documentation; nothing was run.")


def _name(sender: str) -> str:
    boxes = parse_mailboxes(sender)
    return (boxes[0].plain_name or boxes[0].address) if boxes else sender


def _filled(text: str) -> str:
    return textwrap.fill(text, _COLUMNS, break_long_words=False, break_on_hyphens=False)


def _about(book: RuleBook, finding: Finding, base: bytes, mender: str) -> Iterator[str]:
    """What is wrong, what comes of it, by which rule, by which path, and what mends it: `mender` where a later patch does."""
    yield _filled(f"{finding.message} ({finding.file}:{finding.line}, {finding.confidence} confidence).")
    told = consequence(finding, base, book)
    if told.effect:
        yield ""
        yield told.effect
    for rule in book.rules(finding.obligation, finding.breach.missing) if told.cited else ():
        column = f', in the column "{rule.column}"' if rule.column else ""
        yield ""
        yield _filled(f"{rule.path} (line {rule.line}) says of ->{rule.method}(){column}:")
        yield ""
        yield rule.quote
    if steps := path_steps(finding.evidence):
        yield ""
        yield "The path:"
        yield ""
        yield from (evidence(step) for step in steps)
    yield ""
    if mender:
        yield _filled(f"Patch {mender} mends it, but a bisection may stop between the two.")
        yield ""
    if isinstance(finding.fix, Fix):
        yield f"{'In this patch this' if mender else 'This on top'} would mend it:"
        yield ""
        yield finding.fix.diff.rstrip("\n")
        yield ""


@dataclass(frozen=True, slots=True)
class _Hunk:
    """One hunk of a diff: the paths as its head has them, the path after it, its text and the new lines that it covers."""

    head: tuple[str, str]
    path: str
    text: bytes
    first: int
    last: int

    @property
    def functions(self) -> set[str]:
        """The functions that it stands in, by the heads that can be seen."""
        return set(_DEFINED.findall(self.text.decode("utf-8", "surrogateescape")))


def _body_of(function: str, text: bytes) -> str:
    """The text of a function in its file; "" where it is not seen."""
    head = rf"^(?=[A-Za-z_])[^\n=;]*?\b{re.escape(function)} ?\([^;{{]*\{{(.*?)^\}}"
    found = re.search(head, text.decode("utf-8", "surrogateescape"), re.MULTILINE | re.DOTALL)
    return found[1] if function and found else ""


def _hunks_of(diff: bytes, finding: Finding, text: bytes) -> list[tuple[_Hunk, frozenset[int]]]:
    """The hunks of a diff that hold the finding's line or a step of its path, each with these lines; where none does, those of
    the helpers that a step names or the function calls (`text` is its file): none, where the diff is of something else."""
    steps = path_steps(finding.evidence)
    marked = [(finding.file, finding.line), *((step.file, step.line) for step in steps)]
    hunks = list(_hunks(diff))
    found = [
        (hunk, frozenset(line for path, line in marked if path == hunk.path and hunk.first <= line <= hunk.last))
        for hunk in hunks
    ]
    holding = [(hunk, lines) for hunk, lines in found if lines]
    if holding:
        return holding[:_HUNKS]
    named = {name for step in steps for name in _CALL.findall(step.note)}
    named |= set(_CALL.findall(_body_of(finding.function, text)))
    about = [hunk for hunk in hunks if named & hunk.functions]
    return [(hunk, frozenset[int]()) for hunk in about[:_HUNKS]]


def _hunks(diff: bytes) -> Iterator[_Hunk]:
    """The hunks, without a signature that stands below the last one."""
    heads = list(_FILE.finditer(diff))
    for head, end in zip(heads, [*(one.start() for one in heads[1:]), len(diff)], strict=True):
        old, new, path = (part.decode("utf-8", "surrogateescape").strip() for part in head.groups())
        for hunk in _HUNK.finditer(diff, head.end(), end):
            first = int(hunk[1])
            text = _SIGNATURE.sub(b"", hunk[0])
            yield _Hunk((old, new), path, text, first, first + max(int(hunk[2] or b"1"), 1) - 1)


def _quote(hunk: _Hunk, marks: frozenset[int], *, headed: bool) -> Iterator[str]:
    """The lines of a hunk around those that matter, quoted; all of a short one."""
    top, *lines = hunk.text.decode("utf-8", "surrogateescape").rstrip("\n").split("\n")
    if headed:
        yield from (f"> {line}" for line in hunk.head)
    yield f"> {top}".rstrip()
    number, places = hunk.first, []
    for place, line in enumerate(lines):
        places += [place] if number in marks and not line.startswith("-") else []
        number += not line.startswith(("-", "\\"))
    places = places or [place for place, line in enumerate(lines) if line.startswith(("+", "-"))][:1]
    last = -1
    for place, line in enumerate(lines):
        if len(lines) > _SHORT and not any(abs(place - one) <= _AROUND for one in places):
            continue
        if place > last + 1:
            yield "> [...]"
        yield f"> {line}".rstrip()
        last = place
    if last + 1 < len(lines):
        yield "> [...]"
