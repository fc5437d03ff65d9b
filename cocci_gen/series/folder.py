"""SeriesSet -> OUT/series: the mails, an index to read, and the same for programs.

Files are written to a temporary name and renamed.  What an earlier run wrote here and this one does not is removed, by
its own list and no other: whatever else lies in the folder stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from cocci_gen.errors import StorageError
from cocci_gen.findings.findings import Finding
from cocci_gen.findings.whole_files import write_whole
from cocci_gen.kernel.origins import Origin
from cocci_gen.series.assembly import Patch, SeriesSet
from cocci_gen.series.index import index_page
from cocci_gen.series.mails.recipients import Envelope
from cocci_gen.series.rerolls.former import INDEX, LIST
from cocci_gen.series.rerolls.mails_there import digest, former_list, made_names, refuse_edited


def write_series_set(made: SeriesSet, folder: Path, unpatched: Sequence[Finding] = ()) -> tuple[Path, ...]:
    """All series -> their files below `folder`; the folders of the series, in order.  The index also tells of the accepted
    findings that no patch mends."""
    files = {f"{series.slug}/{mail.name}": mail.data for series in made.series for mail in series.mails}
    former = former_list(folder)
    refuse_edited(folder, former, files)
    listing = json.dumps(_listing(made, files), indent=2, sort_keys=True, ensure_ascii=True)
    page = index_page(made, folder, unpatched).encode("utf-8", "replace")
    lists = {INDEX: page, LIST: listing.encode() + b"\n"}
    try:
        earlier = made_names(former)
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


def _listing(made: SeriesSet, files: Mapping[str, bytes]) -> dict[str, object]:
    """All series as plain values."""
    return {
        "format": 1,
        "files": sorted(files),
        "digests": {name: digest(data) for name, data in sorted(files.items())},
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
