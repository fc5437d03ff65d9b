"""The mail addresses of MAINTAINERS and .mailmap -> Mailbox, and a Mailbox -> a mail header.

Reading follows `scripts/get_maintainer.pl` (parse_email, format_email, rfc822_validlist, mailmap_email), which is
lenient; writing follows RFC 5322 and RFC 2047 and is strict: what cannot stand in a header is refused, never passed on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

#: What the script quotes a name for; ASCII only, so that `Jérôme` is quoted too.
_MUST_QUOTE = re.compile(r"[^\w \-]", re.ASCII)
_UNESCAPED_QUOTE = re.compile(r'(?<!\\)"')
#: The atoms of RFC 5322, more than which no address of MAINTAINERS needs.
_SAFE_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_ADDRESS = r"[^\s<>@,;:\\\"()\[\]]+@[^\s<>@,;:\\\"()\[\]]+"
_MAILBOX = re.compile(rf"\s*(?:{_ADDRESS}|[^<>@,;:\\()\[\]]*<\s*{_ADDRESS}>)\s*")
#: The longest line of RFC 5322; what is longer is no address, and some patterns here take the square of its length.
_LONGEST = 998
#: An encoded word, with the header name before it, must fit into a line; `=?UTF-8?q?` and `?=` take 12 characters.
_ENCODED_ROOM = 72 - 12
_HEADER_COLUMNS = 76


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name, perhaps empty, with its double quotes where get_maintainer.pl sets them, and an address."""

    name: str
    address: str

    def __str__(self) -> str:
        """As get_maintainer.pl prints it."""
        return f"{self.name} <{self.address}>" if self.name else self.address

    @property
    def plain_name(self) -> str:
        """The name without quotes and escapes."""
        if len(self.name) > 1 and self.name[0] == self.name[-1] == '"':
            return re.sub(r"\\(.)", r"\1", self.name[1:-1])
        return self.name

    @property
    def mailable(self) -> bool:
        """Whether the address can stand in a header as it is."""
        return _SAFE_ADDRESS.fullmatch(self.address) is not None and ".." not in self.address

    def header(self) -> str:
        """RFC 5322 with RFC 2047 words, in printable ASCII; ValueError where the address is not mailable."""
        if not self.mailable:
            raise ValueError(f"{self.address!r} is no mail address")
        name = _printable(self.plain_name)
        if not name:
            return self.address
        if not name.isascii() or "=?" in name:
            return f"{encoded_words(name)} <{self.address}>"
        if re.fullmatch(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+", name):
            return f"{name} <{self.address}>"
        escaped = re.sub(r'(["\\])', r"\\\1", name)
        return f'"{escaped}" <{self.address}>'


@dataclass(frozen=True, slots=True)
class Mailmap:
    """`.mailmap`: real names and real addresses by wrong address, or by wrong `name <address>`."""

    names: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)

    def real(self, mailbox: Mailbox) -> Mailbox:
        """The mailbox that the mailmap gives for this one."""
        whole = str(mailbox)
        key = whole if whole in self.names or whole in self.addresses else mailbox.address
        return Mailbox(quoted(self.names.get(key, mailbox.name)), self.addresses.get(key, mailbox.address).strip())


def parse_mailbox(text: str) -> Mailbox:
    """`Name <a@b> (comment)`, `<a@b>` or `a@b` -> Mailbox; the address is empty where there is none."""
    if len(text) > _LONGEST:
        return Mailbox("", "")
    if found := re.match(r"([^<]+)<(.+@.*)>", text):
        return Mailbox(quoted(found[1]), found[2].strip())
    if found := re.match(r"\s*<(.+@\S*)>", text):
        return Mailbox("", found[1].strip())
    if found := re.match(r"(.+@\S*)", text):
        return Mailbox("", found[1].strip())
    return Mailbox("", "")


def parse_mailboxes(text: str) -> list[Mailbox]:
    """The value of an M: or R: line -> its mailboxes: several where it is a valid comma-separated list."""
    if len(text) > _LONGEST:
        return []
    bare = _strip_comments(text)
    if "," in bare and not _MAILBOX.fullmatch(bare):
        parts = _split_list(bare)
        if all(not part.strip() or _valid(part) for part in parts):
            return [mailbox for part in parts if (mailbox := parse_mailbox(part)).address]
    mailbox = parse_mailbox(text)
    return [mailbox] if mailbox.address else []


def quoted(name: str) -> str:
    """A name, quoted as get_maintainer.pl does it (also when it was quoted before)."""
    name = name.strip()
    name = name.removeprefix('"').removesuffix('"')
    if _MUST_QUOTE.search(name):
        return '"' + _UNESCAPED_QUOTE.sub(r"\\" + '"', name) + '"'
    return name


def read_mailmap(text: str) -> Mailmap:
    """`.mailmap` -> Mailmap; formats as in git-shortlog(1), lines that have none of them are skipped."""
    names: dict[str, str] = {}
    addresses: dict[str, str] = {}
    for raw in text.split("\n"):
        line = re.sub(r"#.*", "", raw).strip()
        if len(line) > _LONGEST:
            continue
        if found := re.fullmatch(r"([^<]+)<([^>]+)>", line):
            real = parse_mailbox(f"{found[1].rstrip()} <{found[2]}>")
            names[real.address] = real.name
        elif found := re.fullmatch(r"<([^>]+)>\s*<([^>]+)>", line):
            addresses[found[2]] = found[1]
        elif found := re.fullmatch(r"(.+)<([^>]+)>\s*<([^>]+)>", line):
            real = parse_mailbox(f"{found[1].rstrip()} <{found[2]}>")
            names[found[3]], addresses[found[3]] = real.name, real.address
        elif found := re.fullmatch(r"(.+)<([^>]+)>\s*(.+)\s*<([^>]+)>", line):
            real = parse_mailbox(f"{found[1].rstrip()} <{found[2]}>")
            wrong = str(parse_mailbox(f"{found[3].rstrip()} <{found[4]}>"))
            names[wrong], addresses[wrong] = real.name, real.address
    return Mailmap(names, addresses)


def encoded_words(text: str) -> str:
    """Text -> RFC 2047 words in the Q encoding (git send-email reads back no other), each at most 72 characters."""
    words: list[str] = []
    current = ""
    for character in text:
        piece = "".join(_q(byte) for byte in character.encode("utf-8", "replace"))
        if len(current) + len(piece) > _ENCODED_ROOM:
            words.append(current)
            current = ""
        current += piece
    return " ".join(f"=?UTF-8?q?{word}?=" for word in [*words, current])


def address_header(name: str, mailboxes: list[Mailbox]) -> str:
    """A header name and its mailboxes -> the folded header with its last newline; empty without mailboxes."""
    if not mailboxes:
        return ""
    texts = [mailbox.header() for mailbox in mailboxes]
    return f"{name}: " + ",\n    ".join(_folded(text) for text in texts) + "\n"


def _folded(text: str) -> str:
    """One mailbox, broken between its words where the line would become too long."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 5 > _HEADER_COLUMNS:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n    ".join(lines)


def _q(byte: int) -> str:
    """One byte in the Q encoding that may stand in a phrase."""
    character = chr(byte)
    if character == " ":
        return "_"
    return character if character.isascii() and (character.isalnum() or character in "!*+-/") else f"={byte:02X}"


def _printable(name: str) -> str:
    """A name without control, format, surrogate and unassigned characters, white space squeezed."""
    composed = unicodedata.normalize("NFC", name)
    kept = (" " if unicodedata.category(character)[0] in "CZ" else character for character in composed)
    return " ".join("".join(kept).split())


def _strip_comments(text: str) -> str:
    """The text with its comments in round brackets replaced by blanks, those within quotes kept."""
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', text)
    return "".join(piece if place % 2 else _without_comments(piece) for place, piece in enumerate(pieces))


def _without_comments(text: str) -> str:
    """Each outermost pair of brackets -> a blank, in one pass: comments nest as deep as whoever writes them likes."""
    kept: list[str] = []
    opened: list[int] = []
    place = 0
    while place < len(text):
        character = text[place]
        if character == "\\" and opened:
            kept.append(text[place : place + 2])
            place += 2
            continue
        if character == ")" and opened:
            del kept[opened.pop() :]
            character = " "
        elif character == "(":
            opened.append(len(kept))
        kept.append(character)
        place += 1
    return "".join(kept)


def _split_list(text: str) -> list[str]:
    """The parts between the commas that are not within quotes."""
    return ["".join(part) for part in _parts(re.split(r'("(?:[^"\\]|\\.)*")', text))]


def _parts(pieces: list[str]) -> list[list[str]]:
    """Pieces, of which every second one is quoted -> the pieces of each part."""
    parts: list[list[str]] = [[]]
    for place, piece in enumerate(pieces):
        if place % 2:
            parts[-1].append(piece)
            continue
        head, *others = piece.split(",")
        parts[-1].append(head)
        parts.extend([other] for other in others)
    return parts


def _valid(part: str) -> bool:
    """Whether one part of a list is a mailbox."""
    return _MAILBOX.fullmatch(re.sub(r'"(?:[^"\\]|\\.)*"', "q", part)) is not None
