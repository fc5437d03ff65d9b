"""OUT/series/series.json of an earlier run -> FormerSeries: what its mails were, so that a later version follows.

Besides what was mailed, the list keeps what cocci-gen itself had made: whatever differs from that is somebody's own work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cocci_gen.errors import CocciGenError
from cocci_gen.findings.stored import oddity, read_json, read_plain

LIST = "series.json"
#: The page about all of them, beside it.
INDEX = "index.md"
_COMMIT = re.compile(r"[0-9a-f]{40}")


class FormerSeriesError(CocciGenError):
    """The list of an earlier run cannot be read."""


@dataclass(frozen=True, slots=True)
class FormerPatch:
    """One patch as it was mailed; `made_*` is what cocci-gen had made of it before anybody edited it."""

    change_id: str
    subject: str
    kind: str
    paths: tuple[str, ...]
    fingerprints: tuple[str, ...]
    commit: str
    made_message: str
    made_code: str
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormerSeries:
    """One series as it was mailed; `cover` is its letter without the history of versions."""

    title: str
    folder: str
    change_id: str
    version: int
    base: str
    cover: str
    made_cover: str
    history: tuple[str, ...]
    patches: tuple[FormerPatch, ...]

    @property
    def tip(self) -> str:
        """The last commit."""
        return self.patches[-1].commit


def read_former(run: Path) -> tuple[FormerSeries, ...]:
    """The folder of an earlier run -> its series; FormerSeriesError says what to do where there are none."""
    path = run / "series" / LIST
    try:
        data = read_json(read_plain(path))
        return tuple(_series(one) for one in data["series"] if one["patches"])
    except FileNotFoundError as error:
        raise FormerSeriesError(
            f"{run} has no series ({path} is missing); --reroll takes the folder of an earlier run"
        ) from error
    except OSError as error:
        raise FormerSeriesError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormerSeriesError(
            f"{path}: is no list of series of this version of cocci-gen ({oddity(error)}); "
            f"write it anew with `cocci-gen series {run}`"
        ) from error


def _series(data: dict[str, Any]) -> FormerSeries:
    return FormerSeries(
        title=_text(data["title"]),
        folder=_text(data["folder"]),
        change_id=_text(data["change_id"]),
        version=int(data["version"]),
        base=_commit(data["base"]),
        cover=_text(data["cover"]),
        made_cover=_text(data["made_cover"]),
        history=_texts(data["history"]),
        patches=tuple(_patch(one) for one in data["patches"]),
    )


def _patch(data: dict[str, Any]) -> FormerPatch:
    return FormerPatch(
        change_id=_text(data["change_id"]),
        subject=_text(data["subject"]),
        kind=_text(data["kind"]),
        paths=_texts(data["paths"]),
        fingerprints=_texts(data["fingerprints"]),
        commit=_commit(data["commit"]),
        made_message=_text(data["made_message"]),
        made_code=_text(data["made_code"]),
        history=_texts(data["history"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    return tuple(_text(one) for one in value)


def _commit(value: object) -> str:
    text = _text(value)
    if not _COMMIT.fullmatch(text):
        raise ValueError(f"{text!r} is no commit")
    return text
