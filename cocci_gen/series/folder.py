"""SeriesSet -> OUT/series: the mails, an index to read, and the same for programs.

Files are written to a temporary name and renamed.  What an earlier run wrote here and this one does not is removed, by
its own list and no other: whatever else lies in the folder stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cocci_gen.errors import StorageError
from cocci_gen.findings.findings import Finding
from cocci_gen.findings.stored import read_json, read_plain
from cocci_gen.findings.whole_files import write_whole
from cocci_gen.kernel.origins import Origin
from cocci_gen.series.assembly import Patch, SeriesSet
from cocci_gen.series.index import index_page
from cocci_gen.series.mails.recipients import Envelope
from cocci_gen.series.rerolls import former as former_series

LIST, INDEX = former_series.LIST, former_series.INDEX


def write_series_set(made: SeriesSet, folder: Path, unpatched: Sequence[Finding] = ()) -> tuple[Path, ...]:
    """All series -> their files below `folder`; the folders of the series, in order.  The index also tells of the accepted
    findings that no patch mends."""
    files = {f"{series.slug}/{mail.name}": mail.data for series in made.series for mail in series.mails}
    former = _former(folder)
    _keep_edited(folder, files, former)
    listing = json.dumps(_listing(made, files), indent=2, sort_keys=True, ensure_ascii=True)
    page = index_page(made, folder, unpatched).encode("utf-8", "replace")
    lists = {INDEX: page, LIST: listing.encode() + b"\n"}
    try:
        earlier = _earlier(former)
        write_whole({folder / name: data for name, data in {**files, **lists}.items()})
        for name in earlier - set(files):
            (folder / name).unlink(missing_ok=True)
        for name in {name.split("/")[0] for name in earlier - set(files)}:
            if (folder / name).is_dir() and not any((folder / name).iterdir()):
                (folder / name).rmdir()
    except OSError as error:
        raise StorageError(
            f"the series cannot be written to {folder} ({error.strerror}: {error.filename}); what lay there is as it was, "
            "make room and run again"
        ) from error
    return tuple(folder / series.slug for series in made.series)


def _former(folder: Path) -> Mapping[str, Any]:
    """What an earlier run has listed there; nothing where that cannot be read."""
    try:
        listed = read_json(read_plain(folder / LIST))
    except (OSError, ValueError):
        return {}
    return listed if isinstance(listed, dict) else {}


def _keep_edited(folder: Path, files: Mapping[str, bytes], former: Mapping[str, Any]) -> None:
    """StorageError where a mail that is to be made again has been edited since it was made: the words are the user's."""
    digests = former.get("digests")
    made = digests if isinstance(digests, dict) else {}
    for name in sorted(files.keys() & made.keys()):
        there = folder / name
        if there.is_file() and (data := read_plain(there)) != files[name] and _digest(data) != made[name]:
            raise StorageError(
                f"{there}: was edited since it was made, and making it again would lose that; move it away to keep your words, "
                "or remove it"
            )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _listing(made: SeriesSet, files: Mapping[str, bytes]) -> dict[str, object]:
    """All series as plain values."""
    return {
        "format": 1,
        "files": sorted(files),
        "digests": {name: _digest(data) for name, data in sorted(files.items())},
        "series": [
            {
                "title": series.title,
                "folder": series.slug,
                "ref": series.ref,
                "change_id": series.change_id,
                "base": series.base,
                "version": series.revision.version,
                "cover": series.revision.cover,
                "made_cover": series.revision.made_cover,
                "history": list(series.revision.history),
                "recipients": _envelope(series.envelope),
                "patches": [_patch(patch) for patch in series.patches],
            }
            for series in made.series
        ],
        "left_out": [{"fingerprint": out.finding.fingerprint, "reason": out.reason} for out in made.left_out],
        "warnings": list(made.warnings),
        "dropped": [{"series": one.series, "subject": one.subject, "reason": one.reason} for one in made.dropped],
        "remarks": list(made.remarks),
    }


def _patch(patch: Patch) -> dict[str, object]:
    """One patch as plain values."""
    return {
        "file": patch.mail.name,
        "change_id": patch.revision.change_id,
        "made_message": patch.revision.made_message,
        "made_code": patch.revision.made_code,
        "history": list(patch.revision.history),
        "subject": patch.subject,
        "kind": patch.kind,
        "paths": list(patch.paths),
        "fingerprints": list(patch.fingerprints),
        "commit": patch.commit.oid,
        "tree": patch.commit.tree,
        "recipients": _envelope(patch.envelope),
        "ladder": [
            {"rung": one.rung.value, "result": type(one).__name__.lower(), "reason": getattr(one, "reason", "")}
            for one in patch.results
        ],
        "fixes": "\n".join(patch.origin.tags) if isinstance(patch.origin, Origin) else None,
        "fixes_reason": None if isinstance(patch.origin, Origin) else patch.origin.reason,
        "signed": patch.signed,
    }


def _envelope(envelope: Envelope) -> dict[str, object]:
    """Recipients as plain values."""
    people = {
        name: [{"address": str(one.mailbox), "role": one.role, "reason": one.reason} for one in recipients]
        for name, recipients in (("to", envelope.to), ("cc", envelope.cc))
    }
    return {**people, "warnings": list(envelope.warnings)}


def _earlier(former: Mapping[str, Any]) -> set[str]:
    """The files that an earlier run says it wrote; only names that such a run can have written."""
    files = former.get("files")
    if not isinstance(files, list):
        return set()
    names = {name for name in files if isinstance(name, str) and name.endswith(".patch")}
    return {name for name in names if len(Path(name).parts) == 2 and ".." not in name and not name.startswith("/")}
