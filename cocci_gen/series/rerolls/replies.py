"""An mbox of answers and FormerSeries -> Answer, what people said of the patches that were mailed.

An mbox is what `b4 mbox` saves of a thread.  An answer is known by the subject that it repeats; what it quotes says nothing.
Mails are the words of strangers: read, never followed.
"""

from __future__ import annotations

import email
import email.parser
import email.policy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path

from cocci_gen.errors import StorageError, UsageProblem
from cocci_gen.series.rerolls.former import FormerPatch, FormerSeries

#: A thread of a series is some hundred mails; more than this is something else.
_MOST_BYTES = 64_000_000
_MAIL = re.compile(rb"^From [^\n]*\n(?=[A-Za-z-]+:)", re.MULTILINE)
_ANSWER = re.compile(r"(?:re|aw|sv|antw):\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"(?:\[[^\]]*\]\s*)+")
_TAG = re.compile(r"(?:Reviewed|Acked|Tested|Reported|Suggested)-by: [^<>\x00-\x1f]{1,200}<[^<>\s]{3,200}>$")
_REFUSED = re.compile(r"\bNA?C?K\b(?!ed)|^Nacked-by:|\bNacked-by:|\bplease (?:drop|do not apply)\b", re.MULTILINE)
_TAKEN = re.compile(
    r"^(?:thanks|thank you)?[,.!\s]*(?:i(?:'ve| have))?\s*(?:now\s+)?(?:applied|queued|picked up|merged)\b",
    re.IGNORECASE | re.MULTILINE,
)


class Said(StrEnum):
    """What an answer comes to, the weightiest first."""

    REFUSED = "refused"
    TAKEN = "taken"
    TAGGED = "tagged"
    COMMENTED = "commented"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one mail says of one patch: `tags` are the trailers that it gives."""

    patch: FormerPatch
    said: Said
    tags: tuple[str, ...]
    who: str
    message_id: str


def read_answers(path: Path, former: Iterable[FormerSeries]) -> tuple[Answer, ...]:
    """An mbox and the series that were mailed -> the answers to their patches, in the order of the file.

    StorageError where the file cannot be read, UsageProblem where it is no mbox or answers no patch of these series.
    """
    patches = {_plain(patch.subject): patch for series in former for patch in series.patches}
    found, mails = [], 0
    for mail in _mails(path):
        mails += 1
        patch = patches.get(_plain(str(mail.get("Subject", ""))))
        if patch is not None and _ANSWER.match(str(mail.get("Subject", "")).strip()):
            found.append(_answer(mail, patch))
    if not mails:
        raise UsageProblem(f"{path} holds no mail; --replies takes an mbox, as `b4 mbox` saves it")
    if not found:
        raise UsageProblem(f"{path}: none of its {mails} mails answers a patch of these series; is it another thread?")
    return tuple(found)


def _mails(path: Path) -> Iterator[EmailMessage]:
    try:
        if not path.is_file():
            raise StorageError(f"{path} is no file; --replies takes an mbox, as `b4 mbox` saves it")
        if path.stat().st_size > _MOST_BYTES:
            raise UsageProblem(f"{path} has more than {_MOST_BYTES // 1_000_000} MB; save the thread alone")
        data = path.read_bytes()
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
    for text in _MAIL.split(data)[1:]:
        try:
            message: object = email.message_from_bytes(text, policy=email.policy.default)
        except RecursionError:  # parts in parts without end: nobody who answers writes so
            message = email.parser.BytesHeaderParser(policy=email.policy.default).parsebytes(text)
        if isinstance(message, EmailMessage):
            yield message


def _plain(subject: str) -> str:
    """A subject without what marks it as an answer or as a patch of a version."""
    words = " ".join(subject.split())
    while found := _ANSWER.match(words) or _BRACKETS.match(words):
        words = words[found.end() :]
    return words


def _answer(mail: EmailMessage, patch: FormerPatch) -> Answer:
    said = _own_words(mail)
    tags = tuple(dict.fromkeys(line for line in said.split("\n") if _TAG.fullmatch(line)))
    if _REFUSED.search(said):
        what = Said.REFUSED
    elif _TAKEN.search(said):
        what = Said.TAKEN
    else:
        what = Said.TAGGED if tags else Said.COMMENTED
    who, name = (_printable(str(mail.get(header, ""))) for header in ("From", "Message-ID"))
    return Answer(patch, what, () if what is Said.REFUSED else tags, who, name.strip("<>"))


def _own_words(mail: EmailMessage) -> str:
    """The text of a mail without what it quotes, up to its signature."""
    part = mail.get_body(preferencelist=("plain",))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    text = payload.decode(_charset(part.get_content_charset()), "replace") if isinstance(payload, bytes) else ""
    lines = [line.rstrip() for line in text.replace("\r", "").split("\n")]
    if "--" in lines:
        lines = lines[: lines.index("--")]
    return "\n".join(line for line in lines if not line.startswith(">"))


def _charset(named: str | None) -> str:
    """The character set that a mail names, where it is one of the few that lists use."""
    known = {"us-ascii", "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "koi8-r", "gb2312", "iso-2022-jp"}
    return named if named in known else "utf-8"


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]
