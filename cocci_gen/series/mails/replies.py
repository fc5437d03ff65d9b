"""A patch mail and what the patch breaks -> the answer to it, as a file that a person reads and sends.

Threaded below the mail, to its author and all who got it; the hunk quoted, the rule as the document has it, the path, and
the fix as a diff on top of the patch.  Nothing is sent, and nobody is told that a person wrote it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from cocci_gen.findings.findings import Finding, Fix
from cocci_gen.kernel.mailboxes import Mailbox, address_header, encoded_words, parse_mailboxes
from cocci_gen.kernel.patches import Letter, Patch
from cocci_gen.kernel.tree import Person
from cocci_gen.series.words.breaches import evidence
from cocci_gen.series.words.rule_book import RuleBook

_ID = re.compile(r"<[^<>\s]{1,250}>")
_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@[^\n]*\n(?:[ +\-\\][^\n]*\n?|\n)*", re.MULTILINE)
_FILE = re.compile(rb"^--- [^\n]*\n\+\+\+ (?:b/)?([^\t\n]+)[^\n]*\n", re.MULTILINE)
#: What stands below the last hunk of a mail: "-- ", which looks like a line that is taken away.
_SIGNATURE = re.compile(rb"\n-- ?\n*\Z")
#: Lines of a hunk that are quoted; more hide what is said about them.
_QUOTED = 40
_COLUMNS = 72


def answers(
    book: RuleBook, person: Person, pairs: Sequence[tuple[Patch, Sequence[Finding]]]
) -> Iterator[tuple[str, bytes]]:
    """The rules, who answers, and each patch with what it brings -> (file name, mail) for every mail with something to say."""
    for place, (patch, findings) in enumerate(pairs, 1):
        if findings and isinstance(patch.letter, Letter):
            slug = re.sub(r"[^A-Za-z0-9.]+", "-", patch.subject).strip(".-")[:52] or "patch"
            yield f"{patch.number or place:04d}-re-{slug}.eml", _mail(book, person, patch, patch.letter, findings)


def _mail(book: RuleBook, person: Person, patch: Patch, letter: Letter, findings: Sequence[Finding]) -> bytes:
    body = "\n".join(_body(book, patch, letter, findings))
    coding = "" if body.isascii() else "Content-Transfer-Encoding: 8bit\n"
    headers = _headers(person, letter)
    kind = f"MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n{coding}"
    return f"{headers}{kind}\n{body}\n".encode("utf-8", "surrogateescape")


def _headers(person: Person, letter: Letter) -> str:
    """From, To, Cc, Subject and what threads the answer; addresses that cannot stand in a header are left out."""
    own = Mailbox(person.name, person.email)
    to = _mailable(letter.reply_to or letter.sender, {own.address.lower()})
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


def _mailable(text: str, known: set[str]) -> list[Mailbox]:
    """The mailboxes of a header, each once, without those that are known."""
    found: dict[str, Mailbox] = {}
    for one in parse_mailboxes(text):
        if one.mailable and one.address.lower() not in known:
            found.setdefault(one.address.lower(), one)
    return list(found.values())


def _body(book: RuleBook, patch: Patch, letter: Letter, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"On {letter.date}, {_name(letter.sender)} wrote:" if letter.date else f"{_name(letter.sender)} wrote:"
    quoted: list[bytes] = []
    for finding in findings:
        path, hunk = _hunk_of(patch.diff, finding)
        if hunk and hunk not in quoted:
            quoted.append(hunk)
            yield from _quote(path, hunk)
        yield ""
        yield from _about(book, finding)
    yield "cocci-gen found this by reading the patch against Documentation/filesystems/locking.rst; nothing was run."


def _name(sender: str) -> str:
    boxes = parse_mailboxes(sender)
    return (boxes[0].plain_name or boxes[0].address) if boxes else sender


def _about(book: RuleBook, finding: Finding) -> Iterator[str]:
    """What is wrong, by which rule, by which path, and what mends it."""
    text = f"{finding.message} ({finding.file}:{finding.line}, {finding.confidence} confidence)."
    yield textwrap.fill(text, _COLUMNS, break_long_words=False, break_on_hyphens=False)
    for rule in book.rules(finding.obligation, finding.breach.missing):
        yield ""
        yield f"{rule.path} (line {rule.line}) says of ->{rule.method}():"
        yield ""
        yield rule.quote
    if finding.evidence:
        yield ""
        yield "The path:"
        yield ""
        yield from (evidence(step) for step in finding.evidence)
    yield ""
    if isinstance(finding.fix, Fix):
        yield "This on top would mend it:"
        yield ""
        yield finding.fix.diff.rstrip("\n")
        yield ""


def _hunk_of(diff: bytes, finding: Finding) -> tuple[str, bytes]:
    """The hunk of a diff that holds the finding's line, or one of its path, or comes nearest to it; else the first one."""
    places = [(finding.file, finding.line), *((step.file, step.line) for step in finding.evidence)]
    best, nearest = ("", b""), float("inf")
    for path, first, last, hunk in _hunks(diff):
        for rank, (file, line) in enumerate(places):
            away = 0 if first <= line <= last else min(abs(line - first), abs(line - last))
            distance = rank + away * len(places) if file == path else 10**9
            if distance < nearest:
                best, nearest = (path, hunk), distance
    return best


def _hunks(diff: bytes) -> Iterator[tuple[str, int, int, bytes]]:
    """Path, first and last new line, and text of each hunk."""
    heads = list(_FILE.finditer(diff))
    for head, end in zip(heads, [*(one.start() for one in heads[1:]), len(diff)], strict=True):
        path = head[1].decode("utf-8", "surrogateescape").strip()
        for hunk in _HUNK.finditer(diff, head.end(), end):
            first = int(hunk[1])
            yield path, first, first + max(int(hunk[2] or b"1"), 1) - 1, _SIGNATURE.sub(b"", hunk[0])


def _quote(path: str, hunk: bytes) -> Iterator[str]:
    lines = hunk.decode("utf-8", "surrogateescape").rstrip("\n").split("\n")
    yield f"> +++ b/{path}"
    yield from (f"> {line}".rstrip() for line in lines[:_QUOTED])
    if len(lines) > _QUOTED:
        yield f"> [... {len(lines) - _QUOTED} more lines]"
