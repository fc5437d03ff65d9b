"""corpus/TREE.toml -> PatchVerdict, what readers say of the patches that a run made, as maintainers would.

A [[patch]] stands beside the [[finding]] tables of its tree.  It is known by two hashes, of the code and of the message as the
run's series.json has them, so that a verdict does not outlive what it speaks of:

    [[patch]]
    file = "fs/demo/file.c"
    functions = ["demo_writepage"]
    kind = "unlocks"
    code = "0123456789abcdef"
    message = "fedcba9876543210"
    reader = "who read it, and who that is to the tool"
    verdict = "as is"             # or "edits" (right, and one thing is to change), or "no"
    reason = "what is to change, or why not; for `as is` what was looked at"

`cocci-gen corpus unread RUN --tree TREE` prints entries to complete for the patches of a run that nobody has read.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from cocci_gen.corpus.records import RecordsError
from cocci_gen.findings.stored import oddity, read_json, read_plain

_WORDS = ("file", "kind", "code", "message", "reader", "verdict", "reason")


class Taken(Enum):
    """What becomes of a patch."""

    AS_IS = "as is"
    EDITS = "edits"
    NO = "no"


@dataclass(frozen=True, slots=True)
class PatchVerdict:
    """One verdict of one reader on one state of a patch."""

    file: str
    functions: tuple[str, ...]
    kind: str
    code: str
    message: str
    reader: str
    taken: Taken

    @property
    def state(self) -> tuple[str, str]:
        """The code and the message that it speaks of."""
        return self.code, self.message


@dataclass(frozen=True, slots=True)
class PatchShare:
    """How many patches one reader would take, in the order of Taken."""

    reader: str
    counts: tuple[int, ...]

    @property
    def read(self) -> int:
        """How many were read."""
        return sum(self.counts)

    @property
    def as_is(self) -> float:
        """The part that is taken as it is."""
        return self.counts[0] / self.read


@dataclass(frozen=True, slots=True)
class MadePatch:
    """One patch of a run, as its series.json has it."""

    subject: str
    file: str
    kind: str
    code: str
    message: str


def read_patch_verdicts(folder: Path, tree: str) -> tuple[PatchVerdict, ...]:
    """The verdicts on the patches of one tree, none where its file has none; RecordsError names the entry that is wrong."""
    path = folder / f"{tree}.toml"
    try:
        entries = tomllib.loads(path.read_bytes().decode("utf-8")).get("patch", [])
    except OSError as error:
        raise RecordsError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise RecordsError(f"{path}: is no TOML ({error}); mend it there") from error
    if not isinstance(entries, list):
        raise RecordsError(f"{path}: `patch` is no list of tables; write [[patch]]")
    return tuple(_verdict(entry, number, path) for number, entry in enumerate(entries, 1))


def _verdict(entry: object, number: int, path: Path) -> PatchVerdict:
    if not isinstance(entry, dict):
        raise RecordsError(f"{path}: patch {number} is no table; write [[patch]]")
    missing = [key for key in _WORDS if not isinstance(entry.get(key), str) or not entry[key].strip()]
    functions = entry.get("functions")
    if missing or not isinstance(functions, list) or not all(isinstance(one, str) for one in functions):
        raise RecordsError(f"{path}: patch {number} has no {(*missing, 'functions')[0]!r}; add it")
    known = [one.value for one in Taken]
    if entry["verdict"] not in known:
        raise RecordsError(f"{path}: patch {number} ({entry['file']}): verdict is one of {', '.join(known)}")
    words = (entry["kind"], entry["code"], entry["message"], entry["reader"])
    return PatchVerdict(entry["file"], tuple(functions), *words, Taken(entry["verdict"]))


def patch_shares(verdicts: Sequence[PatchVerdict]) -> tuple[PatchShare, ...]:
    """The share of each reader, in the order in which they come first."""
    found: dict[str, Counter[Taken]] = {}
    for one in verdicts:
        found.setdefault(one.reader, Counter())[one.taken] += 1
    return tuple(PatchShare(reader, tuple(counts[taken] for taken in Taken)) for reader, counts in found.items())


def as_last_read(verdicts: Iterable[PatchVerdict]) -> PatchShare:
    """What each patch was worth when it was read last: a mended one is read again, and its entry stands further down."""
    last = {(one.file, one.functions, one.kind): one.taken for one in verdicts}
    counts = Counter(last.values())
    return PatchShare("as last read", tuple(counts[taken] for taken in Taken))


def shares_to_text(tree: str, shares: Iterable[PatchShare]) -> str:
    """A table for people."""
    words = "".join(f"{taken.value:>8}" for taken in Taken)
    lines = [f"{f'{tree}, patches':<44} {'read':>5}{words}    as is"]
    for share in shares:
        numbers = "".join(f"{number:>8}" for number in share.counts)
        lines.append(f"{share.reader:<44} {share.read:>5}{numbers} {share.as_is:8.1%}")
    return "\n".join(lines)


def shares_to_json(shares: Iterable[PatchShare]) -> dict[str, dict[str, object]]:
    """Reader -> how many were read, how many are worth what, and the share."""
    return {
        share.reader: {
            "read": share.read,
            **{taken.value: share.counts[number] for number, taken in enumerate(Taken)},
            "share": round(share.as_is, 4),
        }
        for share in shares
    }


def made_patches(path: Path) -> tuple[MadePatch, ...]:
    """The series.json of a run -> its patches about code; RecordsError where it is none."""
    try:
        data = read_json(read_plain(path))
        return tuple(_made(one) for series in data["series"] for one in series["patches"] if one["kind"] != "prototype")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordsError(
            f"{path}: is no list of series ({oddity(error)}); name the folder that `series` wrote"
        ) from error


def _made(one: Mapping[str, Any]) -> MadePatch:
    said = hashlib.sha256(str(one["made_message"]).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return MadePatch(str(one["subject"]), str(one["paths"][0]), str(one["kind"]), str(one["made_code"]), said)


def unread_patches(made: Iterable[MadePatch], verdicts: Iterable[PatchVerdict]) -> str:
    """Entries to be completed and pasted, for the patches of a run that nobody has read as they are now."""
    known = {one.state for one in verdicts}
    return "\n\n".join(_entry(one) for one in made if (one.code, one.message) not in known)


def _entry(one: MadePatch) -> str:
    said = [f"# {one.subject}", "[[patch]]"]
    said += [
        f"{name} = {json.dumps(getattr(one, name), ensure_ascii=False)}" for name in ("file", "kind", "code", "message")
    ]
    return "\n".join([*said, "functions = []", 'reader = ""', 'verdict = ""', 'reason = ""'])
