"""corpus/TREE.toml -> VerdictRecord, what a person who read the code says of each finding of a scan.

TREE is `linux-6.1` for a kernel, or the Debian package of a module out of the tree (`zfs-dkms`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from cocci_gen.errors import CocciGenError
from cocci_gen.findings.findings import Finding
from cocci_gen.scan.coverage import Coverage

_REQUIRED = ("file", "function", "obligation", "confidence", "verdict", "reason")
LEVELS = ("high", "moderate", "low")


class RecordsError(CocciGenError):
    """A file of verdicts is missing or cannot be read."""


class Worth(Enum):
    """What a finding is worth to the people who maintain the code."""

    TAKEN = "taken"  #: a maintainer would take it
    LETTER = "letter"  #: the words of the document are broken, and nobody is hurt
    UNREACHABLE = "unreachable"  #: no execution takes the path, or the code is not compiled
    FALSE = "false"  #: the contract is kept, or it does not bind the function

    @property
    def true(self) -> bool:
        """Whether the finding tells the truth about code that runs."""
        return self in (Worth.TAKEN, Worth.LETTER)


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """One verdict; `outcome` is "accepted" or the word for why the finding is not reported."""

    file: str
    function: str
    obligation: str
    confidence: str
    worth: Worth
    outcome: str
    statement: str = ""
    condition: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What the verdict is about."""
        return self.file, self.function, self.obligation, self.statement, self.condition, self.outcome, self.confidence

    @property
    def kind(self) -> str:
        """The kind of the obligation: the last word of its id."""
        return self.obligation.rpartition(".")[2]


def read_records(folder: Path, tree: str) -> tuple[VerdictRecord, ...]:
    """The verdicts on one tree; RecordsError names the file and the entry that is wrong."""
    path = folder / f"{tree}.toml"
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        known = ", ".join(_trees(folder)) or "none"
        raise RecordsError(f"{path}: cannot be read ({error.strerror}); there are verdicts on: {known}") from error
    except ValueError as error:
        raise RecordsError(f"{path}: is no TOML ({error}); mend it there") from error
    entries = data.get("finding", [])
    if not isinstance(entries, list):
        raise RecordsError(f"{path}: `finding` is no list of tables; write [[finding]]")
    return tuple(_record(entry, number, path) for number, entry in enumerate(entries, 1))


def judged_coverage(folder: Path, tree: str) -> Coverage:
    """How many functions the tables of the tree name and how many were examined when its findings were read; nothing where the
    file does not tell (`named` and `examined`)."""
    read_records(folder, tree)  # says what is wrong with the file
    data = tomllib.loads((folder / f"{tree}.toml").read_text(encoding="utf-8"))
    named, examined = data.get("named", 0), data.get("examined", 0)
    if type(named) is not int or type(examined) is not int or not 0 <= examined <= named:
        raise RecordsError(f"{folder / tree}.toml: `named` and `examined` are numbers of functions; mend them there")
    return Coverage(named, examined)


def trees_of(folder: Path) -> tuple[str, ...]:
    """The trees that there are verdicts on, kernels first; RecordsError when there are none."""
    found = _trees(folder)
    if not found:
        raise RecordsError(f"{folder}: holds no verdicts (linux-VERSION.toml); name the corpus with --corpus")
    return found


def _trees(folder: Path) -> tuple[str, ...]:
    return tuple(sorted((path.stem for path in folder.glob("*.toml")), key=_order))


def _order(tree: str) -> tuple[bool, tuple[int, ...], str]:
    return not tree.startswith("linux-"), tuple(int(number) for number in re.findall(r"\d+", tree)), tree


def known_records(folder: Path | None, version: str) -> tuple[VerdictRecord, ...]:
    """The verdicts on the series that a kernel belongs to (6.1.140 -> 6.1); none where there is no such file."""
    tree = "linux-" + ".".join(version.split(".")[:2])
    if folder is None or not (folder / f"{tree}.toml").is_file():
        return ()
    return read_records(folder, tree)


def _record(entry: object, number: int, path: Path) -> VerdictRecord:
    if not isinstance(entry, dict):
        raise RecordsError(f"{path}: finding {number} is no table; write [[finding]]")
    missing = [key for key in _REQUIRED if not isinstance(entry.get(key), str) or not entry[key].strip()]
    if missing:
        raise RecordsError(f"{path}: finding {number} ({entry.get('function', '?')}) has no {missing[0]!r}; add it")
    known = [one.value for one in Worth]
    if entry["verdict"] not in known or entry["confidence"] not in LEVELS:
        raise RecordsError(
            f"{path}: finding {number} ({entry['function']}): verdict is one of {', '.join(known)}, "
            f"confidence one of {', '.join(LEVELS)}"
        )
    return VerdictRecord(
        entry["file"],
        entry["function"],
        entry["obligation"],
        entry["confidence"],
        Worth(entry["verdict"]),
        str(entry.get("outcome", "accepted")),
        str(entry.get("exit", "")),
        str(entry.get("condition", "")),
    )


def is_true(records: Iterable[VerdictRecord], finding: Finding) -> bool:
    """Whether people have confirmed a finding: same file, function and kind.  Which of its methods a helper is reported under
    depends on who came first."""
    key = (finding.file, finding.function, finding.obligation.kind)
    return any(one.worth.true and (one.file, one.function, one.kind) == key for one in records)
