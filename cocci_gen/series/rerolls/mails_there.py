"""OUT/series/series.json of an earlier run -> which of its mails lie there, which of them are a person's work, and their removal.

What cocci-gen has made it can make again; what a person has edited, or signed off and perhaps mailed, it can not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cocci_gen.errors import StorageError
from cocci_gen.findings.stored import NotOursError, read_json, read_plain
from cocci_gen.series.rerolls.former import INDEX, LIST


def former_list(folder: Path) -> Mapping[str, Any]:
    """What an earlier run has listed in a folder of series; nothing where that cannot be read."""
    try:
        listed = read_json(read_plain(folder, LIST))
    except (OSError, ValueError):
        return {}
    return listed if isinstance(listed, dict) else {}


def digest(data: bytes) -> str:
    """What a mail is recognised by."""
    return hashlib.sha256(data).hexdigest()


def made_names(former: Mapping[str, Any]) -> frozenset[str]:
    """The mails that an earlier run says it wrote; only names that such a run can have written."""
    files = former.get("files")
    if not isinstance(files, list):
        return frozenset()
    names = {name for name in files if isinstance(name, str) and name.endswith(".patch")}
    return frozenset(name for name in names if len(Path(name).parts) == 2 and ".." not in name and name[0] != "/")


def refuse_edited(folder: Path, former: Mapping[str, Any], same: Mapping[str, bytes]) -> None:
    """StorageError where a mail has been edited since it was made, and is not what will be made now: words of the user."""
    digests = former.get("digests")
    made = digests if isinstance(digests, dict) else {}
    for name in sorted(made_names(former) & made.keys()):
        data = _there(folder, name)
        if data is not None and data != same.get(name) and digest(data) != made[name]:
            raise StorageError(
                f"{folder / name}: was edited since it was made, and making it again would lose that; move it away to keep your "
                "words, or remove it"
            )


def refuse_to_lose(run: Path) -> None:
    """StorageError where a new run in a folder would take mails away that a person has edited or signed off."""
    folder = run / "series"
    former = former_list(folder)
    refuse_edited(folder, former, {})
    if any(_is_signed(patch) for series in _listed(former, "series") for patch in _listed(series, "patches")):
        raise StorageError(
            f"{folder}: holds patches that you have signed off, and a later version of them needs this run (--reroll); scan into "
            f"another folder, or remove {folder}"
        )


def take_away(folder: Path) -> None:
    """Remove the mails of an earlier run, then its index and list, and nothing else; OSError as it comes."""
    former = former_list(folder)
    if not former:
        return
    names = made_names(former)
    for name in names:
        if _there(folder, name) is not None:
            (folder / name).unlink()
    for name in (INDEX, LIST):  # the list last: who is killed meanwhile finds it again
        (folder / name).unlink(missing_ok=True)
    for place in (*(folder / inner for inner in sorted({name.split("/")[0] for name in names})), folder):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()


def _there(folder: Path, name: str) -> bytes | None:
    """The bytes of a mail, if it is there and a plain file within the folder."""
    try:
        return read_plain(folder, name)
    except (OSError, NotOursError):
        return None


def _listed(value: object, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else []


def _is_signed(patch: object) -> bool:
    return isinstance(patch, Mapping) and patch.get("signed") is True
