"""The bytes of a mail, an mbox (gzipped, as lore gives it, or not) or a diff -> its mails, each with its text and its place."""

from __future__ import annotations

import email.message
import email.parser
import email.policy
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.errors import KernelTreeError

_GZIP = b"\x1f\x8b"
_FROM_LINE = re.compile(rb"^From [^\n]*\d{4}[^\n]*\n", re.MULTILINE)
#: What `git format-patch` begins a mail with, whatever stands before it: without a signature (`format.signature`) no empty line.
_OF_GIT = re.compile(rb"From [0-9a-f]{40} Mon Sep 17 00:00:00 2001\n")
_HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[ \t]?[^\n]*\n(?:[ \t][^\n]*\n)*)+\n")
#: Bytes of a file, unpacked.
LARGEST = 64_000_000


@dataclass(frozen=True, slots=True)
class NoMail:
    """The text came without a mail around it."""


Mail = email.message.Message | NoMail


@dataclass(frozen=True, slots=True)
class Piece:
    """One mail of a file: its headers, its decoded text, and the line of the file at which it begins; `raw` is what stands
    there, with LF alone."""

    mail: Mail
    text: bytes
    raw: bytes
    line: int


def unpacked(data: bytes, name: str) -> bytes:
    """The bytes of a file as they were before `gzip`; KernelTreeError for too many, and for a damaged archive."""
    if data.startswith(_GZIP):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                data = stream.read(LARGEST + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise KernelTreeError(f"{name} is a damaged gzip file ({error}); download it again") from error
    if len(data) > LARGEST:
        raise KernelTreeError(f"{name} has more than {LARGEST} bytes; that is no patch, nor a series")
    return data


def pieces(data: bytes) -> Iterator[Piece]:
    """The mails of a file; a file that is no mail is one text without."""
    data = data.replace(b"\r\n", b"\n")
    starts = [found.start() for found in _FROM_LINE.finditer(data) if _HEADER.match(data, found.end())]
    starts = [at for at in starts if at == 0 or data[at - 2 : at] == b"\n\n" or _OF_GIT.match(data, at)]
    if not starts or starts[0] != 0:
        if not _HEADER.match(data):
            yield Piece(NoMail(), data, data, 1)
            return
        starts = [0, *(at for at in starts if at)]
    line = 1
    for at, end in zip(starts, [*starts[1:], len(data)], strict=True):
        raw = data[at:end]
        bare = _FROM_LINE.sub(b"", raw, count=1) if raw.startswith(b"From ") else raw
        mail, text = _parsed(bare)
        yield Piece(mail, re.sub(rb"^>(>*From )", rb"\1", text, flags=re.MULTILINE), raw, line)
        line += raw.count(b"\n")


def _parsed(raw: bytes) -> tuple[email.message.Message, bytes]:
    """A mail and its text; of one whose parts are nested without end what stands there, as one text."""
    try:
        mail: email.message.Message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(raw)
        return mail, _text_of(mail)
    except RecursionError:
        mail = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(raw)
        return mail, raw.partition(b"\n\n")[2]


def _text_of(mail: email.message.Message) -> bytes:
    """The plain text of a mail, patches that are attached included, with LF alone; HTML repeats it, or has spoilt it."""
    parts = [part for part in mail.walk() if not part.is_multipart() and part.get_content_subtype() != "html"]
    texts = [
        part.get_payload(decode=True) for part in parts if part.get_content_maintype() == "text" or len(parts) == 1
    ]
    return b"\n".join(text for text in texts if isinstance(text, bytes)).replace(b"\r\n", b"\n")
