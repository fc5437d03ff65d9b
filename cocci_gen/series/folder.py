"""SeriesSet -> OUT/series: the mails, an index to read, and the same for programs.

Files are written to a temporary name and renamed.  What an earlier run wrote here and this one does not is removed, by
its own list and no other: whatever else lies in the folder stays.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from cocci_gen.errors import StorageError
from cocci_gen.kernel.origins import Origin
from cocci_gen.series.assembly import Patch, Series, SeriesSet
from cocci_gen.series.ladder.rungs import NotPassed, NotRun, Passed
from cocci_gen.series.mails.mail import send_email_line
from cocci_gen.series.mails.recipients import Envelope
from cocci_gen.series.rerolls import former as former_series

LIST = former_series.LIST
INDEX = "index.md"


def write_series_set(made: SeriesSet, folder: Path) -> tuple[Path, ...]:
    """All series -> their files below `folder`; the folders of the series, in order."""
    files = {f"{series.slug}/{mail.name}": mail.data for series in made.series for mail in series.mails}
    listing = json.dumps(_listing(made, sorted(files)), indent=2, sort_keys=True, ensure_ascii=True)
    try:
        earlier = _earlier(folder)
        for name, data in files.items():
            _write(folder / name, data)
        _write(folder / INDEX, index_page(made, folder).encode("utf-8", "replace"))
        _write(folder / LIST, listing.encode() + b"\n")
        for name in earlier - set(files):
            (folder / name).unlink(missing_ok=True)
        for name in {name.split("/")[0] for name in earlier - set(files)}:
            if (folder / name).is_dir() and not any((folder / name).iterdir()):
                (folder / name).rmdir()
    except OSError as error:
        raise StorageError(
            f"the series cannot be written to {folder}: {error.strerror}; make room and try again"
        ) from error
    return tuple(folder / series.slug for series in made.series)


def index_page(made: SeriesSet, folder: Path) -> str:
    """All series -> a page in Markdown: what is in them, what was checked, where they go, and how to send them."""
    patches = [patch for series in made.series for patch in series.patches]
    sizes = [patch.envelope.size for patch in patches]
    lines = [f"# {_count(made.series, 'series', 'series')}, {_count(patches, 'patch', 'patches')}", ""]
    if sizes:
        lines += [f"Recipients per patch: median {median(sizes):g}, at most {max(sizes)}. Nothing has been sent.", ""]
    for series in made.series:
        lines += _series_lines(series, folder)
    if made.left_out:
        lines += ["## Fixes that are in no series", ""]
        lines += [f"* {out.finding.file}, {out.finding.function}(): {_plain(out.reason)}" for out in made.left_out] + [
            ""
        ]
    if made.dropped:
        lines += ["## Patches of the version before that are not in this one", ""]
        lines += [f"* {_plain(one.subject)} ({_plain(one.series)}): {_plain(one.reason)}" for one in made.dropped] + [
            ""
        ]
    if made.remarks:
        lines += ["## Mind", "", *(f"* {_plain(remark)}" for remark in made.remarks), ""]
    if made.warnings:
        lines += ["## MAINTAINERS", "", *(f"* {_plain(warning)}" for warning in made.warnings), ""]
    return "\n".join(lines)


def _series_lines(series: Series, folder: Path) -> list[str]:
    """One series on the page."""
    version = f", version {series.revision.version}" if series.revision.version > 1 else ""
    lines = [f"## {_plain(series.title)}{version}", "", f"Kept as `{series.ref}`, on top of {series.base[:12]}.", ""]
    for number, patch in enumerate(series.patches, 1):
        lines += [f"{number}. [{_plain(patch.subject)}]({series.slug}/{patch.mail.name})", *_patch_lines(patch)]
    lines += ["", *(f"* Mind: {_plain(warning)}" for warning in series.envelope.warnings)]
    if not all(patch.signed for patch in series.patches):
        lines.append("* Not ready to send: nobody has reviewed and signed off all patches.")
    return [*lines, "", "To send it, once you have read it:", "", f"    {send_email_line(folder / series.slug)}", ""]


def _patch_lines(patch: Patch) -> list[str]:
    """One patch on the page: the ladder and the recipients."""
    failed = [f"{one.rung} ({_plain(one.reason)})" for one in patch.results if isinstance(one, NotPassed)]
    not_run = [f"{one.rung} ({_plain(one.reason)})" for one in patch.results if isinstance(one, NotRun)]
    good = [str(one.rung) for one in patch.results if isinstance(one, Passed)]
    lines = [f"   * passed: {', '.join(good)}"]
    lines += [f"   * **not passed: {'; '.join(failed)}**"] if failed else []
    lines += [f"   * not run: {'; '.join(not_run)}"] if not_run else []
    lines += [f"   * perhaps {_code(patch.origin.tag)}"] if isinstance(patch.origin, Origin) else []
    for name, recipients in (("To", patch.envelope.to), ("Cc", patch.envelope.cc)):
        lines += [
            f"   * {name}: {_code(str(one.mailbox))}, {_plain(one.role)} ({_plain(one.reason)})" for one in recipients
        ]
    return lines


def _listing(made: SeriesSet, files: Iterable[str]) -> dict[str, object]:
    """All series as plain values."""
    return {
        "format": 1,
        "files": list(files),
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
        "fixes": patch.origin.tag if isinstance(patch.origin, Origin) else None,
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


def _earlier(folder: Path) -> set[str]:
    """The files that an earlier run says it wrote; only names that such a run can have written."""
    try:
        files = json.loads((folder / LIST).read_bytes())["files"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return set()
    if not isinstance(files, list):
        return set()
    names = {name for name in files if isinstance(name, str) and name.endswith(".patch")}
    return {name for name in names if len(Path(name).parts) == 2 and ".." not in name and not name.startswith("/")}


def _write(path: Path, data: bytes) -> None:
    """A whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(prefix=".cocci-gen-", dir=path.parent, delete=False) as stream:
        temporary = Path(stream.name)
        try:
            stream.write(data)
            stream.close()
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _plain(text: str) -> str:
    """Words of others on one line of Markdown, without control characters."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.replace("<", "\\<").replace("*", "\\*").replace("[", "\\[").split())


def _code(text: str) -> str:
    """Words of others within back quotes."""
    shown = "".join(character if character.isprintable() else " " for character in text.replace("`", "'"))
    return f"`{' '.join(shown.split())}`"


def _count(things: Iterable[object], one: str, many: str) -> str:
    """`1 patch`, `2 patches`."""
    number = len(list(things))
    return f"{number} {one if number == 1 else many}"
