"""What run.json tells of a checked change, and a fingerprint -> how the finding stands to the change, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

#: Of an earlier version: the key of run.json, and what a finding there is.
_SINCE = (
    ("new", "not brought by {}"),
    ("still", "brought by {} too"),
    ("gone", "brought by {}, and no more by what was checked"),
)


def changed_by(change: Mapping[str, object], fingerprint: str) -> tuple[str, ...]:
    """Which patch or commit brings it or ends it, and whether an earlier version did; nothing for a scan."""
    return tuple(_sentences(change, fingerprint))


def _sentences(change: Mapping[str, object], fingerprint: str) -> Iterator[str]:
    for one in _records(change.get("changes")):
        named = f"{one.get('name', '')} {one.get('subject', '')}".strip()
        if _lists(one, "new", fingerprint):
            yield f"brought by {named}"
        if _lists(one, "gone", fingerprint):
            yield f"ended by {named}"
    if _lists(change, "still", fingerprint):
        yield "there before what was checked"
    for one in _records(change.get("since")):
        yield from (words.format(one.get("name", "")) for key, words in _SINCE if _lists(one, key, fingerprint))


def _records(value: object) -> Iterable[Mapping[str, object]]:
    """A list of tables; people may have edited the file."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _lists(record: Mapping[str, object], key: str, fingerprint: str) -> bool:
    value = record.get(key)
    return isinstance(value, list) and fingerprint in value
