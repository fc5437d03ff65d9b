"""sleep_words.toml -> SleepWords: which calls sleep, which are not entered, and what a caller that must not sleep tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cocci_gen.code.texts.values import UNKNOWN, Flags, Number, Value
from cocci_gen.document.vocabulary import vocabulary
from cocci_gen.errors import RuleDocumentError
from cocci_gen.own_words import own_words, with_own_words
from cocci_gen.resources import data_text, tables_of

_KEYS = {"sleeps", "allocates", "cuts", "enables", "plain", "parent", "once", "pins", "follows", "guards", "mode"}


class NameTable:
    """Names and patterns, each with its reason; a name is looked up once."""

    def __init__(self, entries: Iterable[Mapping[str, object]], path: str) -> None:
        self._names: dict[str, str] = {}
        self._patterns: list[tuple[re.Pattern[str], str]] = []
        self._known: dict[str, str] = {}
        for entry in entries:
            why = str(entry.get("why", ""))
            if not why:
                raise RuleDocumentError(path, 0, f"an entry has no `why`: {entry}; say why there")
            names, patterns = entry.get("names", []), entry.get("patterns", [])
            self._names.update({str(name): why for name in names} if isinstance(names, list) else {})
            if isinstance(patterns, list) and patterns:
                self._patterns.append((_compiled([str(pattern) for pattern in patterns], path), why))

    def why(self, name: str) -> str:
        """The reason for a name, or ""."""
        if name not in self._known:
            found = self._names.get(name) or next(
                (why for pattern, why in self._patterns if pattern.fullmatch(name)), ""
            )
            self._known[name] = found
        return self._known[name]

    def add(self, names: Iterable[str], why: str) -> None:
        """Further names."""
        for name in names:
            self._names.setdefault(name, why)

    def add_patterns(self, patterns: Iterable[str], why: str, path: str) -> None:
        """Further patterns, of the file `path`."""
        if every := list(patterns):
            self._patterns.append((_compiled(every, path), why))


def _compiled(patterns: list[str], path: str) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    except re.error as error:
        raise RuleDocumentError(path, 0, f"a pattern is no regular expression: {error}") from error


@dataclass(frozen=True, slots=True)
class Mode:
    """How a method learns that it runs in rcu-walk: the position of the parameter (from the end when negative), its value
    there, and the C code that bails out, with `{name}` for the parameter.  `always`: it does not learn it, and must take every
    call for one.  `found`: it is called only for what a walk has found by name, behind ->d_revalidate.  `errors` may be
    returned in rcu-walk as elsewhere."""

    struct: str
    method: str
    parameter: int
    value: Value
    directory: bool
    bail_out: str
    always: bool = False
    found: bool = False
    errors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SleepWords:
    """sleep_words.toml, read, with the locks of vocabulary.toml."""

    sleeps: NameTable
    allocates: NameTable
    cuts: NameTable
    enables: NameTable
    plain: NameTable
    parent: NameTable
    once: NameTable
    pins: NameTable
    follows: NameTable
    spins: frozenset[str]
    releases: frozenset[str]
    atomic: Mapping[str, Value]
    interrupt: Mapping[str, Value]
    modes: tuple[Mode, ...]

    def mode(self, struct: str, method: str) -> Mode | None:
        """The mode of a method, None where it has none."""
        return next((mode for mode in self.modes if (mode.struct, mode.method) == (struct, method)), None)


def read_sleep_words(text: str, path: str) -> SleepWords:
    """The words in TOML; RuleDocumentError for what is no TOML, an unknown key, a bad pattern or a missing reason."""
    data = tables_of(text, path)
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise RuleDocumentError(path, 0, f"no table is called {unknown[0]!r}; known are: {', '.join(sorted(_KEYS))}")
    sleeps = NameTable(data.get("sleeps", ()), path)
    families = {one.family.name: one.family for one in vocabulary().resources.values()}.values()
    for family in families:
        if family.sleeps:
            sleeps.add(family.calls.take + family.calls.take_shared, "takes a lock that sleeps")
    for one in vocabulary().resources.values():
        if one.family.sleeps:
            sleeps.add(one.calls.take + one.calls.take_shared, f"takes {one.name}, a lock that sleeps")
    spinning = [family.calls for family in families if family.atomic]
    return SleepWords(
        sleeps=sleeps,
        allocates=NameTable(data.get("allocates", ()), path),
        cuts=NameTable(data.get("cuts", ()), path),
        enables=NameTable(data.get("enables", ()), path),
        plain=NameTable(data.get("plain", ()), path),
        parent=NameTable(data.get("parent", ()), path),
        once=NameTable(data.get("once", ()), path),
        pins=NameTable(data.get("pins", ()), path),
        follows=NameTable(data.get("follows", ()), path),
        spins=frozenset(name for calls in spinning for name in calls.take),
        releases=frozenset(name for calls in spinning for name in calls.release),
        atomic=_guards(data, "atomic"),
        interrupt=_guards(data, "interrupt"),
        modes=tuple(_mode(entry, path) for entry in data.get("mode", ())),
    )


def _guards(data: Mapping[str, Mapping[str, Mapping[str, int]]], key: str) -> dict[str, Value]:
    return {name: Number(value) for name, value in data.get("guards", {}).get(key, {}).items()}


def _mode(entry: Mapping[str, object], path: str) -> Mode:
    flags, exact, number = entry.get("flags"), entry.get("exact_flags"), entry.get("number")
    value: Value
    words = (str(entry.get("struct", "")), str(entry.get("method", "")))
    if entry.get("always"):
        return Mode(*words, 0, UNKNOWN, False, "", always=True)
    if isinstance(flags, list):
        value = Flags(frozenset(map(str, flags)), False)
    elif isinstance(exact, list):
        value = Flags(frozenset(map(str, exact)), True)
    elif isinstance(number, int):
        value = Number(number)
    else:
        raise RuleDocumentError(path, 0, f"a mode has none of flags, exact_flags, number, always: {entry}")
    position = entry.get("parameter")
    if not isinstance(position, int):
        raise RuleDocumentError(path, 0, f"a mode has no parameter: {entry}")
    directory, bail_out, found = bool(entry.get("directory")), str(entry.get("bail_out", "")), bool(entry.get("found"))
    errors = entry.get("errors", [])
    allowed = frozenset(map(str, errors)) if isinstance(errors, list) else frozenset[str]()
    return Mode(*words, position, value, directory, bail_out, found=found, errors=allowed)


@with_own_words
def sleep_words() -> SleepWords:
    """The words that ship with the package, and the own ones of file systems."""
    name = "facts/walks/sleep_words.toml"
    words, own = read_sleep_words(data_text(name), name), own_words()
    for table, key, why in (
        (words.sleeps, "sleeping_locks", "takes a lock that sleeps"),
        (words.sleeps, "sleeps", "may sleep, as its file system says"),
        (words.sleeps, "allocates_waiting", "allocates with GFP_KERNEL, which the macro does not show"),
        (words.allocates, "allocates", "allocates with a mask that lets it wait for memory"),
        (words.cuts, "debug", "prints or checks for debugging only"),
    ):
        table.add(own.names(key), why)
        table.add_patterns(own.patterns(key), why, own.path)
    return words
