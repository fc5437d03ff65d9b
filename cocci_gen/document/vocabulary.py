"""vocabulary.toml -> Vocabulary, the names that locking.rst and the kernel give to what a caller may hold.

The document of a tree names its locks in its own words (`PageLocked(page)`, `folio locked`, `mmap_sem`); the vocabulary
turns such a heading into a resource, and knows the functions that take, release and assert it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cocci_gen.errors import RuleDocumentError
from cocci_gen.own_words import LockWords, own_words, with_own_words
from cocci_gen.resources import data_text, tables_of

_CALLS = (
    "take",
    "take_shared",
    "try",
    "try_shared",
    "release",
    "release_shared",
    "asserts",
    "transient",
    "transient_exclusive",
)
_RESOURCE_KEYS = frozenset({"family", "headings", "owner", "member", "older_members", *_CALLS})
_FAMILY_KEYS = frozenset({"sleeps", "atomic", *_CALLS})


@dataclass(frozen=True, slots=True)
class Calls:
    """Names of functions by what they do to a lock."""

    take: tuple[str, ...]
    take_shared: tuple[str, ...]
    attempt: tuple[str, ...]
    attempt_shared: tuple[str, ...]
    release: tuple[str, ...]
    release_shared: tuple[str, ...]
    asserts: tuple[str, ...]
    transient: tuple[str, ...]
    transient_exclusive: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Locks of one sort; its functions receive the lock. `atomic`: who holds one must not sleep."""

    name: str
    sleeps: bool
    atomic: bool
    calls: Calls


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing held; its own functions receive the owner, those of its family receive `owner->member`."""

    name: str
    family: Family
    owner: str
    members: tuple[str, ...]
    calls: Calls
    headings: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All resources by name."""

    resources: Mapping[str, Resource]

    def named(self, words: str) -> Resource | None:
        """The resource that a heading or a phrase means, as a whole."""
        return next((one for one in self.resources.values() if one.headings.fullmatch(words.strip())), None)


def read_vocabulary(text: str, path: str) -> Vocabulary:
    """The vocabulary in TOML; RuleDocumentError for a wrong key, an unknown family or a heading that is no pattern."""
    document = tables_of(text, path)
    families = {name: _family(name, entry, path) for name, entry in document.get("family", {}).items()}
    resources = {}
    for name, entry in document.get("resource", {}).items():
        _check_keys(entry, _RESOURCE_KEYS, f"resource.{name}", path)
        if entry.get("family") not in families:
            known = ", ".join(sorted(families))
            raise RuleDocumentError(path, 0, f"resource.{name} has no known family; known are: {known}")
        resources[name] = Resource(
            name,
            families[entry["family"]],
            entry.get("owner", ""),
            (*([entry["member"]] if entry.get("member") else []), *entry.get("older_members", ())),
            _calls(entry),
            _pattern(entry.get("headings", ()), name, path),
        )
    return Vocabulary(resources)


@with_own_words
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the package, with the own lock functions of file systems."""
    name = "document/vocabulary.toml"
    shipped = read_vocabulary(data_text(name), name)
    resources = dict(shipped.resources)
    for one in own_words().locks:
        if one.lock not in resources:
            known = ", ".join(sorted(resources))
            raise RuleDocumentError(
                own_words().path,
                one.line,
                f"[vocabulary.lock.{one.lock}] is no lock of locking.rst; known are: {known}",
            )
        resources[one.lock] = _with_calls(resources[one.lock], one)
    return Vocabulary(resources)


@with_own_words
def _takers() -> Mapping[str, frozenset[str]]:
    """Family -> the functions that take its locks, or try to; "" for all families."""
    found: dict[str, set[str]] = {"": set()}
    for one in vocabulary().resources.values():
        calls = one.family.calls
        names = {*calls.take, *calls.take_shared, *calls.attempt, *calls.attempt_shared}
        found.setdefault(one.family.name, set()).update(names)
        found[""] |= names
    return {family: frozenset(names) for family, names in found.items()}


def lock_takers(family: str = "") -> frozenset[str]:
    """The functions that take locks of a family, or try to; "" for all families."""
    return _takers().get(family, frozenset())


def _with_calls(resource: Resource, own: LockWords) -> Resource:
    """A resource with further functions that take it, release it, ..."""
    further = {{"try": "attempt", "try_shared": "attempt_shared"}.get(key, key): names for key, names in own.names}
    calls = {key: (*getattr(resource.calls, key), *names) for key, names in further.items()}
    return replace(resource, calls=replace(resource.calls, **calls))


def _family(name: str, entry: Mapping[str, object], path: str) -> Family:
    _check_keys(entry, _FAMILY_KEYS, f"family.{name}", path)
    return Family(name, bool(entry.get("sleeps")), bool(entry.get("atomic")), _calls(entry))


def _check_keys(entry: Mapping[str, object], known: frozenset[str], where: str, path: str) -> None:
    unknown = sorted(set(entry) - known)
    if unknown:
        raise RuleDocumentError(path, 0, f"{where} has no key {unknown[0]!r}; known are: {', '.join(sorted(known))}")


def _calls(entry: Mapping[str, object]) -> Calls:
    lists = []
    for key in _CALLS:
        names = entry.get(key, [])
        lists.append(tuple(str(name) for name in names) if isinstance(names, list) else ())
    return Calls(*lists)


def _pattern(headings: list[str], name: str, path: str) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{heading})" for heading in headings) or r"(?!)", re.IGNORECASE)
    except re.error as error:
        raise RuleDocumentError(path, 0, f"resource.{name}: a heading is no regular expression: {error}") from error
