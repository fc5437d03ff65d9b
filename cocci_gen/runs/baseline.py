"""A TOML file of people's verdicts <-> Baseline.

It lies next to the user's work and is meant to be read, reviewed and kept under version control; its other part, [vocabulary],
is read by own_words:

    [[verdict]]
    fingerprint = "0123456789abcdef"
    obligation = "address_space_operations.writepage.unlocks"
    file = "fs/demo/file.c"
    function = "demo_writepage"
    status = "false-positive"
    reason = "demo_store() hands the page to a worker that unlocks it"
    date = 2025-01-31
    who = "A Developer <a@developer.example>"

Fingerprints hold no line numbers, so a verdict survives rebases.  Comments, order and layout of the rest of the file stay
as they are when a verdict is added or changed.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from cocci_gen.errors import RuleDocumentError, StorageError
from cocci_gen.toml_places import line_of, tables_in, user_text

#: The file that is used in the current folder when none is named.
DEFAULT_NAME = "cocci-gen.toml"
_HEADING = re.compile(r"^[ \t]*\[\[[ \t]*verdict[ \t]*\]\]", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_NEW_FILE = (
    "# Verdicts of people on findings of cocci-gen: `cocci-gen review` writes them, `scan`, `run`, `series` and\n"
)
_NEW_FILE += "# `batch` honour them.  Edit, move and comment as you like; a finding is known by its fingerprint.\n"


class Status(StrEnum):
    """What a person says of a finding; every status but `accepted` keeps it out of the series."""

    FALSE_POSITIVE = "false-positive"
    SENT = "sent"
    FIXED = "fixed"
    WONTFIX = "wontfix"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict of one person on one finding; `file` is in the form of `shown_path`."""

    fingerprint: str
    obligation: str
    file: str
    function: str
    status: Status
    reason: str
    date: date
    who: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The rulings of one file, in its order."""

    rulings: tuple[Ruling, ...] = ()

    def of(self, fingerprint: str) -> Ruling | None:
        """The ruling on a finding; None where nobody has judged it."""
        return next((ruling for ruling in self.rulings if ruling.fingerprint == fingerprint), None)

    def over(self, other: Baseline) -> Baseline:
        """The rulings of both, these in place of the other's on the same finding."""
        known = {one.fingerprint for one in self.rulings}
        return Baseline((*(one for one in other.rulings if one.fingerprint not in known), *self.rulings))

    @property
    def reviewed(self) -> frozenset[str]:
        """The fingerprints that somebody has read and accepted."""
        return frozenset(one.fingerprint for one in self.rulings if one.status is Status.ACCEPTED)


def shown_path(path: str) -> str:
    """A path of the tree as TOML can hold it: bytes that are not UTF-8 become `\\xff`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read_baseline(path: Path) -> Baseline:
    """A baseline file -> its rulings; RuleDocumentError names the line that is wrong, StorageError a file that is not there."""
    return parse_baseline(_text(path), path)


def record(path: Path, ruling: Ruling) -> Baseline:
    """Write a ruling into the file, at once and whole, in place of an earlier one on the same finding.

    The file is read anew, so that what an editor has changed meanwhile stays; a missing one is made.
    """
    text = _text(path) if path.exists() else _NEW_FILE
    old = parse_baseline(text, path)
    numbers = [number for number, one in enumerate(old.rulings) if one.fingerprint == ruling.fingerprint]
    rulings = tuple(ruling if number in numbers else one for number, one in enumerate(old.rulings))
    wanted = Baseline(rulings if numbers else (*rulings, ruling))
    changed = _replaced(text, numbers[0], _block(ruling)) if numbers else _appended(text, ruling)
    if not _holds(changed, wanted, path):
        # The headings of the file cannot be told from its text (one stands in a long string): lay it out anew.
        if "vocabulary" in tomllib.loads(text):
            raise RuleDocumentError(
                path, 0, "a long string looks like a heading; keep [vocabulary] in a file without it"
            )
        changed = _NEW_FILE + "".join(f"\n{_block(one)}" for one in wanted.rulings)
    _write(path, changed)
    return wanted


def withdraw(path: Path, fingerprint: str) -> Baseline:
    """Take the ruling on a finding out of the file; nothing happens where there is none."""
    text = _text(path)
    old = parse_baseline(text, path)
    numbers = [number for number, one in enumerate(old.rulings) if one.fingerprint == fingerprint]
    if not numbers:
        return old
    wanted = Baseline(tuple(one for one in old.rulings if one.fingerprint != fingerprint))
    changed = _replaced(text, numbers[0], "")
    if not _holds(changed, wanted, path):
        changed = _NEW_FILE + "".join(f"\n{_block(one)}" for one in wanted.rulings)
    _write(path, changed)
    return wanted


def _text(path: Path) -> str:
    try:
        return user_text(path)
    except OSError as error:
        raise StorageError(
            f"the baseline {path} cannot be read: {error.strerror}; `cocci-gen review` makes one"
        ) from error


def parse_baseline(text: str, path: Path) -> Baseline:
    """The text of a baseline file -> its rulings; RuleDocumentError names the line that is wrong."""
    data = tables_in(text, path)
    if unknown := sorted(set(data) - {"verdict", "vocabulary", "module"}):
        raise RuleDocumentError(
            path,
            line_of(text, unknown[0]),
            f"{unknown[0]!r} is unknown; there are [[verdict]] and [vocabulary], and [module] for modules",
        )
    entries = data.get("verdict", [])
    if not isinstance(entries, list):
        raise RuleDocumentError(path, line_of(text, "verdict"), "write [[verdict]], with two brackets")
    rulings: list[Ruling] = []
    places: dict[str, _Place] = {}
    for number, entry in enumerate(entries):
        place = _Place(path, text, number)
        ruling = _ruling(entry, place)
        if (earlier := places.setdefault(ruling.fingerprint, place)) is not place:
            raise place.problem(
                f"{ruling.fingerprint} has a verdict in line {earlier.line()} already; keep one", "fingerprint"
            )
        rulings.append(ruling)
    return Baseline(tuple(rulings))


@dataclass(frozen=True, slots=True)
class _Place:
    """The number-th verdict of a file, for what is said about it."""

    path: Path
    text: str
    number: int

    def line(self, key: str = "") -> int:
        """The line of a key, or of the heading; 0 where a heading cannot be found."""
        headings = list(_HEADING.finditer(self.text))
        if self.number >= len(headings):
            return 0
        start = headings[self.number].start()
        end = headings[self.number + 1].start() if self.number + 1 < len(headings) else len(self.text)
        found = re.compile(rf"^[ \t]*\"?{re.escape(key)}\"?[ \t]*=", re.MULTILINE).search(self.text, start, end)
        return self.text.count("\n", 0, found.end() if key and found else headings[self.number].end()) + 1

    def problem(self, message: str, key: str = "") -> RuleDocumentError:
        """What is wrong with a key of the verdict."""
        return RuleDocumentError(self.path, self.line(key), message)


_KEYS = ("fingerprint", "obligation", "file", "function", "status", "reason", "date", "who")


def _ruling(entry: object, place: _Place) -> Ruling:
    if not isinstance(entry, dict):
        raise place.problem("a verdict is a table: write [[verdict]] and its keys below it")
    if unknown := sorted(set(entry) - set(_KEYS)):
        raise place.problem(f"{unknown[0]!r} is unknown; a verdict has {', '.join(_KEYS)}", unknown[0])
    words = {key: entry.get(key, "") for key in _KEYS if key != "date"}
    for key, value in words.items():
        if not isinstance(value, str):
            raise place.problem(f"{key} must be a string in quotes", key)
        if not value.strip() and key != "reason":
            raise place.problem(f"the verdict has no {key}")
    if not _FINGERPRINT.fullmatch(words["fingerprint"]):
        raise place.problem("a fingerprint is 16 hex digits; `cocci-gen review RUN --list` shows them", "fingerprint")
    try:
        status = Status(words["status"])
    except ValueError as error:
        known = ", ".join(Status)
        raise place.problem(f"status {words['status']!r} is unknown; there are {known}", "status") from error
    if status is not Status.ACCEPTED and not words["reason"].strip():
        raise place.problem(f"a verdict of status {status} needs a reason", "reason")
    return Ruling(**{**words, "status": status, "date": _date(entry.get("date"), place)})


def _date(value: object, place: _Place) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise place.problem("the verdict has no date of the form 2025-01-31", "date") from error


def _quoted(text: str) -> str:
    """A TOML basic string on one line."""
    words = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    return '"' + "".join(words.get(c) or (c if c.isprintable() else f"\\U{ord(c):08X}") for c in text) + '"'


def _block(ruling: Ruling) -> str:
    """A ruling as a table of TOML."""
    lines = ["[[verdict]]"]
    for key in _KEYS:
        value = getattr(ruling, key)
        lines.append(f"{key} = {value.isoformat() if key == 'date' else _quoted(shown_path(value))}")
    return "\n".join(lines) + "\n"


def _appended(text: str, ruling: Ruling) -> str:
    gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{_block(ruling)}"


def _replaced(text: str, number: int, block: str) -> str:
    """The text with its number-th verdict exchanged; comments and blank lines behind it belong to what follows."""
    headings = list(_HEADING.finditer(text))
    if number >= len(headings):
        return ""
    start, after = headings[number].start(), _TABLE.search(text, headings[number].end())
    end = after.start() if after else len(text)
    keys = list(re.finditer(r"^[ \t]*[\w\"'-]+[ \t]*=.*(?:\n|\Z)", text[start:end], re.MULTILINE))
    return text[:start] + block + text[start + keys[-1].end() :] if keys else ""


def _holds(text: str, wanted: Baseline, path: Path) -> bool:
    try:
        return parse_baseline(text, path) == wanted
    except RuleDocumentError:
        return False


def _write(path: Path, text: str) -> None:
    """The whole file or none; a symbolic link stays one and its target is exchanged."""
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".cocci-gen-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageError(
            f"the baseline {path} cannot be written: {error.strerror}; the verdict is not kept"
        ) from error
