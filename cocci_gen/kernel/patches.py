"""A mail, an mbox or a diff -> Patch, and a patch on a revision -> the files that it changes; nothing of the user's is written.

`git apply` works on an index and an object database of our own, in a temporary folder that borrows the objects of the
repository.
"""

from __future__ import annotations

import email.message
import email.parser
import email.policy
import email.utils
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from email.header import decode_header, make_header
from pathlib import Path

from cocci_gen import programs
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.tree import KernelTree

_FROM_LINE = re.compile(rb"^From [^\n]*\d{4}[^\n]*\n", re.MULTILINE)
_HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[ \t]?[^\n]*\n(?:[ \t][^\n]*\n)*)+\n")
_DIFF = re.compile(rb"^(?:diff --git |Index: |--- [^\n]+\n\+\+\+ )", re.MULTILINE)
_NUMBER = re.compile(r"\[[^\]]*?\b(\d+)/(\d+)\b[^\]]*\]")
_VERSION = re.compile(r"\[[^\]]*?\bv(\d+)\b[^\]]*\]", re.IGNORECASE)
_BASE = re.compile(rb"^base-commit: ([0-9a-f]{7,64})\s*$", re.MULTILINE)
_LARGEST = 64_000_000
_MOST = 999


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
    """One patch: its subject without [PATCH ...], its number in the series (0 where it has none) and of how many, the diff."""

    subject: str
    number: int
    total: int
    diff: bytes
    letter: Letter | NoLetter


@dataclass(frozen=True, slots=True)
class PatchSeries:
    """The patches in the order in which they apply; `base` is the commit that they name ("" for none)."""

    patches: tuple[Patch, ...]
    base: str

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


def read_patches(data: bytes, name: str) -> PatchSeries:
    """The bytes of a mail, an mbox or a diff -> its patches; KernelTreeError where there are none.

    Answers and cover letters hold no diff and are passed over; of several versions of a series the latest counts.
    """
    if len(data) > _LARGEST:
        raise KernelTreeError(f"{name} has {len(data)} bytes; that is no patch, nor a series")
    data = data.replace(b"\r\n", b"\n")
    found = [(mail, _diff_of(body)) for mail, body in _messages(data)]
    bases = [match[1].decode() for _, body in _messages(data) for match in _BASE.finditer(body)]
    patches = [(_version(mail), _patch(mail, diff)) for mail, diff in found if diff]
    if not patches:
        raise KernelTreeError(f"{name} holds no patch: {_nothing_because(mail for mail, _ in found)}")
    latest = max(version for version, _ in patches)
    kept = _once([patch for version, patch in patches if version == latest])
    if all(patch.number for patch in kept):
        kept = sorted(kept, key=lambda patch: patch.number)
    return PatchSeries(tuple(kept), bases[-1] if bases else "")


def _once(patches: Sequence[Patch]) -> list[Patch]:
    """Each mail once: a thread that was fetched from two lists has it twice."""
    seen: dict[object, Patch] = {}
    for patch in patches:
        key = patch.letter.message_id if isinstance(patch.letter, Letter) and patch.letter.message_id else patch
        seen.setdefault(key, patch)
    return list(seen.values())


_Mail = email.message.Message | None


def _messages(data: bytes) -> Iterator[tuple[_Mail, bytes]]:
    """The mails of a file, each with its decoded text; a file that is no mail is one text without."""
    starts = [found.start() for found in _FROM_LINE.finditer(data) if _HEADER.match(data, found.end())]
    starts = [at for at in starts if at == 0 or data[at - 2 : at] == b"\n\n"]
    if not starts or starts[0] != 0:
        if not _HEADER.match(data):
            yield None, data
            return
        starts = [0, *(at for at in starts if at)]
    for at, end in zip(starts, [*starts[1:], len(data)], strict=True):
        raw = _FROM_LINE.sub(b"", data[at:end], count=1) if data.startswith(b"From ", at) else data[at:end]
        mail = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(raw)
        yield mail, re.sub(rb"^>(>*From )", rb"\1", _text_of(mail), flags=re.MULTILINE)


def _text_of(mail: email.message.Message) -> bytes:
    """The plain text of a mail, patches that are attached included, with LF alone; HTML repeats it, or has spoilt it."""
    parts = [part for part in mail.walk() if not part.is_multipart() and part.get_content_subtype() != "html"]
    texts = [
        part.get_payload(decode=True) for part in parts if part.get_content_maintype() == "text" or len(parts) == 1
    ]
    return b"\n".join(text for text in texts if isinstance(text, bytes)).replace(b"\r\n", b"\n")


def _nothing_because(mails: Iterable[_Mail]) -> str:
    """Why nothing was found, and the way out."""
    if any(part.get_content_type() == "text/html" for mail in mails if mail is not None for part in mail.walk()):
        return (
            "a mail is HTML without a diff in plain text; take it from the list's archive, or ask for `git send-email`"
        )
    return "no mail with a diff, and no diff (`git diff`, `git format-patch`)"


def _diff_of(body: bytes) -> bytes:
    found = _DIFF.search(body)
    return body[found.start() :] if found else b""


def _header(mail: _Mail, name: str) -> str:
    """A header as one decoded line."""
    value = mail.get(name) if mail is not None else None
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value))))
    except (ValueError, LookupError):
        text = str(value)
    return " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())


def _version(mail: _Mail) -> int:
    found = _VERSION.match(_header(mail, "Subject"))
    return int(found[1]) if found else 1


def _patch(mail: _Mail, diff: bytes) -> Patch:
    subject = _header(mail, "Subject")
    number = _NUMBER.match(subject)
    plain = re.sub(r"^(?:(?:re|fwd?):\s*)*(?:\[[^\]]*\]\s*)*", "", subject, flags=re.IGNORECASE)
    letter: Letter | NoLetter = NoLetter()
    if mail is not None and _header(mail, "From"):
        names = ("Subject", "From", "Reply-To", "To", "Cc", "Date", "Message-ID", "References")
        letter = Letter(*(_header(mail, name) for name in names))
        if not letter.references:
            letter = replace(letter, references=_header(mail, "In-Reply-To"))
    counts = (int(number[1]), int(number[2])) if number else (0, 0)
    return Patch(plain, *counts, diff, letter)


@dataclass(frozen=True, slots=True)
class Applied:
    """What the tree holds after some patches and does not hold before: path -> bytes, and the paths that are gone."""

    files: Mapping[str, bytes]
    gone: frozenset[str]


def apply_patches(tree: KernelTree, patches: Iterable[Patch], name: str) -> Iterator[Applied]:
    """A revision and patches, each on top of the one before -> what differs from the revision after each.

    KernelTreeError names the patch that does not apply.
    """
    base = tree.base
    with tempfile.TemporaryDirectory(prefix=programs.temporary_prefix("patches")) as folder:
        home = Path(folder)
        (home / "objects").mkdir()
        objects = base.git("rev-parse", "--git-path", "objects").decode().strip()
        environment = {
            "GIT_INDEX_FILE": str(home / "index"),
            "GIT_OBJECT_DIRECTORY": str(home / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str((base.root / objects).resolve()),
        }
        base.git("read-tree", base.commit, env_extra=environment)
        for number, patch in enumerate(patches, 1):
            words = ("apply", "--cached", "--whitespace=nowarn", "-")
            ended = base.run_git(*words, stdin=patch.diff, env_extra=environment)
            if not isinstance(ended, programs.Completed) or ended.returncode:
                what = f'patch {number} ("{patch.subject}")' if patch.subject else f"patch {number}"
                backwards = base.run_git(*words, "--check", "--reverse", stdin=patch.diff, env_extra=environment)
                if isinstance(backwards, programs.Completed) and not backwards.returncode:
                    raise KernelTreeError(
                        f"{what} of {name} is in {base.revision} of {base.root} already; name the commit before it with --rev"
                    )
                loosely = base.run_git(
                    *words, "--check", "--ignore-whitespace", stdin=patch.diff, env_extra=environment
                )
                if isinstance(loosely, programs.Completed) and not loosely.returncode:
                    raise KernelTreeError(
                        f"{what} of {name} applies to {base.revision} of {base.root} only without regard to white space: "
                        f"a mail program has changed its tabs or spaces; take it from the list's archive"
                    )
                raise KernelTreeError(
                    f"{what} of {name} does not apply to {base.revision} of {base.root}: {_words(ended)}; "
                    f"name the commit that it was made for with --rev"
                )
            yield _applied(base, environment)


def _applied(base: KernelTree, environment: Mapping[str, str]) -> Applied:
    """The index of ours against the base."""
    words = ("diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", base.commit)
    entries = base.git(*words, env_extra=environment).decode("utf-8", "surrogateescape").split("\0")
    files, gone = dict[str, bytes](), set[str]()
    for facts, path in zip(entries[::2], entries[1::2], strict=False):
        _, mode, _, oid, _ = facts.lstrip(":").split(" ")
        if mode == "000000":
            gone.add(path)
        elif mode.startswith("100"):
            files[path] = base.git("cat-file", "blob", oid, env_extra=environment)
    return Applied(files, frozenset(gone))


def _words(ended: programs.Ended) -> str:
    if isinstance(ended, programs.Completed) and ended.stderr.strip():
        return "; ".join(ended.stderr.decode("utf-8", "backslashreplace").strip().splitlines()[:3])
    return programs.describe(ended)
