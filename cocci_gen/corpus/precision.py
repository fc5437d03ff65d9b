"""corpus/linux-VERSION.toml, verdicts of people on findings -> precision per kind and confidence.

A record says what a scan of that kernel reported and what a person who read the code says of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.errors import CocciGenError
from cocci_gen.findings.findings import Finding

_REQUIRED = ("file", "function", "obligation", "confidence", "verdict", "reason")
_VERDICTS = ("true", "false")
LEVELS = ("high", "moderate", "low")


class RecordsError(CocciGenError):
    """A file of verdicts is missing or cannot be read."""


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """One verdict; `outcome` is "accepted" or the word for why the finding is not reported."""

    file: str
    function: str
    obligation: str
    confidence: str
    true: bool
    outcome: str

    @property
    def kind(self) -> str:
        """The kind of the obligation: the last word of its id."""
        return self.obligation.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Share:
    """How many accepted findings of a kind ("" for all) and confidence were looked at, and how many are true."""

    kind: str
    confidence: str
    looked_at: int
    true: int

    @property
    def fraction(self) -> float:
        """The precision."""
        return self.true / self.looked_at


def read_records(folder: Path, version: str) -> tuple[VerdictRecord, ...]:
    """The verdicts on one kernel; RecordsError names the file and the entry that is wrong."""
    path = folder / f"linux-{version}.toml"
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        known = ", ".join(one.stem.removeprefix("linux-") for one in sorted(folder.glob("linux-*.toml"))) or "none"
        raise RecordsError(f"{path}: cannot be read ({error.strerror}); there are verdicts on: {known}") from error
    except ValueError as error:
        raise RecordsError(f"{path}: is no TOML ({error}); mend it there") from error
    entries = data.get("finding", [])
    if not isinstance(entries, list):
        raise RecordsError(f"{path}: `finding` is no list of tables; write [[finding]]")
    return tuple(_record(entry, number, path) for number, entry in enumerate(entries, 1))


def versions_of(folder: Path) -> tuple[str, ...]:
    """The kernels that there are verdicts on; RecordsError when there are none."""
    found = tuple(sorted((path.stem.removeprefix("linux-") for path in folder.glob("linux-*.toml")), key=_numbers))
    if not found:
        raise RecordsError(f"{folder}: holds no verdicts (linux-VERSION.toml); name the corpus with --corpus")
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def known_records(folder: Path | None, version: str) -> tuple[VerdictRecord, ...]:
    """The verdicts on the series that a kernel belongs to (6.1.140 -> 6.1); none where there is no such file."""
    series = ".".join(version.split(".")[:2])
    if folder is None or not (folder / f"linux-{series}.toml").is_file():
        return ()
    return read_records(folder, series)


def _record(entry: object, number: int, path: Path) -> VerdictRecord:
    if not isinstance(entry, dict):
        raise RecordsError(f"{path}: finding {number} is no table; write [[finding]]")
    missing = [key for key in _REQUIRED if not isinstance(entry.get(key), str) or not entry[key].strip()]
    if missing:
        raise RecordsError(f"{path}: finding {number} ({entry.get('function', '?')}) has no {missing[0]!r}; add it")
    if entry["verdict"] not in _VERDICTS or entry["confidence"] not in LEVELS:
        raise RecordsError(
            f"{path}: finding {number} ({entry['function']}): verdict is one of {', '.join(_VERDICTS)}, "
            f"confidence one of {', '.join(LEVELS)}"
        )
    return VerdictRecord(
        entry["file"],
        entry["function"],
        entry["obligation"],
        entry["confidence"],
        entry["verdict"] == "true",
        str(entry.get("outcome", "accepted")),
    )


def is_true(records: Iterable[VerdictRecord], finding: Finding) -> bool:
    """Whether people have confirmed a finding: same file, function and obligation."""
    return any(
        one.true and (one.file, one.function, one.obligation) == (finding.file, finding.function, finding.obligation.id)
        for one in records
    )


def precision(records: Sequence[VerdictRecord]) -> tuple[Share, ...]:
    """The accepted findings by kind and confidence, the sum of each confidence (kind "") last."""
    accepted = [record for record in records if record.outcome == "accepted"]
    shares = []
    for kind in (*sorted({record.kind for record in accepted}), ""):
        for level in LEVELS:
            these = [one for one in accepted if one.confidence == level and kind in ("", one.kind)]
            if these:
                shares.append(Share(kind, level, len(these), sum(one.true for one in these)))
    return tuple(shares)


def precision_to_text(version: str, shares: Iterable[Share]) -> str:
    """A table for people."""
    lines = [f"linux-{version:<14} {'confidence':<10} {'read':>5} {'true':>5}  precision"]
    lines += [
        f"{share.kind or 'all kinds':<20} {share.confidence:<10} {share.looked_at:>5} {share.true:>5}  {share.fraction:8.1%}"
        for share in shares
    ]
    return "\n".join(lines)


def precision_to_json(shares: Iterable[Share]) -> dict[str, dict[str, dict[str, object]]]:
    """Kind ("total" for all) -> confidence -> read, true and precision."""
    data: dict[str, dict[str, dict[str, object]]] = {}
    for share in shares:
        data.setdefault(share.kind or "total", {})[share.confidence] = {
            "read": share.looked_at,
            "true": share.true,
            "precision": round(share.fraction, 4),
        }
    return data
