"""Documents beside locking.rst -> Reading, the sentences of vfs.rst and others about a method.

Most describe methods under their names; nothing else of these is looked at.  porting.rst and directory-locking.rst speak of
methods as they go, and are read sentence by sentence.  One that a reading of beside.toml fits gives obligations; one that asks
for something and fits none is Unread, with the reason; any other one is Declined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from cocci_gen.document.described import Sentence, sentences
from cocci_gen.document.lines import LONGEST_SENTENCE
from cocci_gen.document.obligations import PROSE, Declined, Obligation, Reading, RuleSource, Unread
from cocci_gen.document.readings import Mode
from cocci_gen.document.spoken import spoken
from cocci_gen.resources import data_tables

#: The documents, in the order in which they are read.
BESIDE = (
    "Documentation/filesystems/vfs.rst",
    "Documentation/filesystems/porting.rst",
    "Documentation/filesystems/directory-locking.rst",
    "Documentation/filesystems/iomap/design.rst",
    "Documentation/filesystems/iomap/operations.rst",
    "Documentation/filesystems/netfs_library.rst",
    "Documentation/filesystems/mount_api.rst",
)

_COMMANDS = re.compile(
    r"\b(?:must|shall|should|may not|cannot|never|required to|need(?:s|ed)? to|locked|unlock|is held|rcu-walk)\b", re.I
)
_NOTHING = "it asks for nothing"
#: Documents without lists of methods.
_RUNNING = frozenset({"Documentation/filesystems/porting.rst", "Documentation/filesystems/directory-locking.rst"})


@dataclass(frozen=True, slots=True)
class BesideReading:
    """An entry of beside.toml: of which structures and methods it speaks, and what its words give, or why they bind nobody, or
    why nobody reads them yet; `about` is whom they bind where they name nobody."""

    text: re.Pattern[str]
    struct: re.Pattern[str]
    method: re.Pattern[str]
    kind: str
    resource: str
    mode: Mode
    names: tuple[str, ...]
    about: tuple[str, ...]
    decline: str
    unread: str

    def fits(self, sentence: Sentence) -> re.Match[str] | None:
        """The match of the words, None where the entry speaks of something else."""
        if not self.struct.fullmatch(sentence.struct) or not self.method.fullmatch(sentence.method):
            return None
        if self.kind and not sentence.struct and not self.about:
            return None  # whom it binds is not known
        if len(sentence.clause.text) > LONGEST_SENTENCE:
            return None
        return self.text.search(sentence.clause.text)


@cache
def beside_readings() -> tuple[BesideReading, ...]:
    """The entries that ship with the package."""
    return tuple(
        BesideReading(
            re.compile(entry["text"], re.I),
            re.compile(entry.get("struct", r"\w*")),
            re.compile(entry.get("method", r"\w*")),
            entry.get("kind", ""),
            entry.get("resource", ""),
            Mode(entry.get("mode", "")),
            tuple(entry.get("names", ())),
            tuple(entry.get("about", "").split(".", 1)) if entry.get("about") else (),
            entry.get("decline", ""),
            entry.get("unread", ""),
        )
        for entry in data_tables("document/beside.toml")["sentence"]
    )


def read_beside(documents: Mapping[str, str], found: Iterable[Reading] = ()) -> tuple[Reading, ...]:
    """Every sentence about a method in these documents (path -> text), in their order; `found` is read in locking.rst, and tells
    with the other documents which structure a method belongs to that is spoken of."""
    listed = {path: tuple(sentences(path, text)) for path, text in documents.items() if path not in _RUNNING}
    methods = {(one.struct, one.method) for one in found if one.struct and one.method.isidentifier()}
    methods |= {(one.struct, one.method) for every in listed.values() for one in every}
    every = (
        one
        for path, text in documents.items()
        for one in (listed[path] if path in listed else spoken(path, text, methods))
    )
    return tuple(reading for one in every for reading in _read(one))


def texts_beside(text_of: Callable[[str], bytes | None]) -> dict[str, str]:
    """Path -> text of those documents that a tree has; `text_of` gives the bytes of a path, None where there is no such file."""
    texts = ((path, text_of(path)) for path in BESIDE)
    return {path: text.decode("utf-8", "replace") for path, text in texts if text is not None}


def _read(one: Sentence) -> Iterator[Reading]:
    clause = one.clause
    source = RuleSource(one.path, clause.line, clause.text)
    place = (one.struct, one.method)
    fitting = [(entry, match) for entry in beside_readings() if (match := entry.fits(one)) is not None]
    for entry, match in fitting:
        if entry.decline:
            yield Declined(*place, PROSE, clause.text, source, entry.decline)
        elif entry.unread:
            yield Unread(*place, PROSE, clause.text, source, entry.unread)
        else:
            names = tuple(match.expand(name) for name in entry.names)
            bound = (entry.about[0], entry.about[1]) if entry.about else place
            yield Obligation(*bound, entry.kind, entry.resource, PROSE, clause.text, source, entry.mode, "", names)
    if not fitting and _COMMANDS.search(clause.text):
        yield Unread(*place, PROSE, clause.text, source, _why_unread(one))
    elif not fitting:
        yield Declined(*place, PROSE, clause.text, source, _NOTHING)


def _why_unread(one: Sentence) -> str:
    """Why a sentence that asks for something gives no obligation."""
    if not one.method:
        return "it names no method"
    if one.struct:
        return "no reading fits"
    owners = one.clause.mentions
    return f"->{one.method} of {', '.join(owners)}?" if owners else f"no document declares a method ->{one.method}"


def added(found: Iterable[Reading], before: Iterable[Obligation]) -> tuple[Obligation, ...]:
    """The obligations among readings that locking.rst does not ask for already, each once."""
    known = {(one.struct, one.method, one.kind) for one in before}
    chosen: dict[tuple[str, tuple[str, ...]], Obligation] = {}
    for one in found:
        if isinstance(one, Obligation) and (one.struct, one.method, one.kind) not in known:
            chosen.setdefault((one.id, one.names), one)
    return tuple(chosen.values())


def beside_to_text(
    paths: Iterable[str], found: Iterable[Reading], before: Iterable[Obligation], *, unread: bool
) -> str:
    """The documents (`paths`) with the sentences that were read (or, with `unread`, those that were not), and counts."""
    readings, lines = tuple(found), []
    known = {(one.struct, one.method, one.kind) for one in before}
    counts: dict[str, Counter[str]] = {path: Counter() for path in paths}
    for one in readings:
        sort = "obligations" if isinstance(one, Obligation) else "unread" if isinstance(one, Unread) else "declined"
        counts[one.source.path][sort] += 1
        if isinstance(one, Obligation) and not unread:
            new = "" if (one.struct, one.method, one.kind) in known else " (not in locking.rst)"
            lines += [f"{one.source.path}:{one.source.line}: {one.id}{new}", f"    {one.text}"]
        if isinstance(one, Unread) and unread:
            lines += [
                f"{one.source.path}:{one.source.line}: {f'{one.struct}.{one.method}: '.lstrip('.: ')}{one.problem}",
                f"    {one.text}",
            ]
    lines += ["" if lines else "nothing", f"{'':52}{'obligations':>12}{'declined':>10}{'unread':>8}"]
    lines += [
        f"{path:52}{n['obligations']:>12}{n['declined']:>10}{n['unread']:>8}{_remark(n)}" for path, n in counts.items()
    ]
    return "\n".join(lines)


def _remark(counts: Counter[str]) -> str:
    return "" if counts else "  has no list of methods, and is not read"
