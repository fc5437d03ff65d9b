"""Headers that went, and code that includes them -> rules for these lines, from what the headers of both kernels say.

`#include <linux/pagevec.h>` becomes `<linux/folio_batch.h>` where that declares by now what the code uses of it; where the code
uses nothing of it, or has all of that by way of other headers, the line goes.  It hides all else that a compiler would say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import DeclarationsMoved, Evolution, HeaderGone
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.headers.new_homes import OwnIncludes
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.texts.include_graph import INCLUDE, Includes
from cocci_gen.port.texts.plain_text import blank_comments, plain

_WORD = re.compile(rb"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class _Headers:
    """Both kernels' headers, and the homes of names that moved."""

    old: Includes
    new: Includes
    homes: Mapping[bytes, str]

    def follow(self, header: str, words: Collection[bytes], system: Iterable[str]) -> str | None:
        """A header that went, the words of some code and the headers that it names -> the header that it needs in place of it, ""
        for none; None where what it uses has no home, or several."""
        brought = self.old.closure([header.removeprefix("include/")])
        said = read_headers(self.old.texts(sorted({header, *(one for one in brought if not self.new.has(one))})))
        names = said.functions.keys() | said.macros.keys() | said.constants.keys() | said.structs.keys() | said.types
        used = frozenset(name.encode() for name in names) & frozenset(words)
        have = self.new.closure(system)
        missing = used - self._all(have)
        wanted = {self.homes[name] for name in missing if name in self.homes}
        if len(wanted) > 1:
            return None
        behind = self.new.closure([one.removeprefix("include/") for one in wanted])
        return next(iter(wanted), "") if not missing - self._all(behind) else None

    def _all(self, paths: Iterable[str]) -> frozenset[bytes]:
        return frozenset(
            word for _, text in self.new.texts(sorted(paths)) for word in _WORD.findall(blank_comments(text))
        )


def gone_header_rules(
    evolutions: Iterable[Evolution],
    headers: tuple[Includes, Includes],
    texts: Mapping[str, bytes],
    taught: Collection[str],
) -> Iterator[PortRule]:
    """What changed, the headers of both kernels, some code, and the ids of headers of which the tree shows what became -> a rule
    for each other header that went and each that takes its place."""
    listed = list(evolutions)
    homes = {name.encode(): one.new for one in listed if isinstance(one, DeclarationsMoved) for name in one.names}
    known = _Headers(*headers, homes)
    gone = [one for one in listed if isinstance(one, HeaderGone) and one.id not in taught and headers[0].has(one.path)]
    named = {
        path: {word.decode("utf-8", "replace") for _, word in INCLUDE.findall(text)} for path, text in texts.items()
    }
    own = OwnIncludes(texts)
    for one in gone:
        users = [path for path in sorted(texts) if one.id in named[path]]
        found: dict[str, list[str]] = defaultdict(list)
        for path in users:
            now = _followed(known, one, path, texts, own)
            if now is not None:
                found[now].append(path)
        for number, (now, paths) in enumerate(sorted(found.items())):
            yield _rule(one, now.removeprefix("include/"), paths, number)


def _followed(known: _Headers, gone: HeaderGone, path: str, texts: Mapping[str, bytes], own: OwnIncludes) -> str | None:
    """What takes the place of a header in a file, for each file of the code that has it by way of that; None where they
    differ."""
    ways: set[str | None] = set()
    for source in sorted(one for one in texts if one.endswith(".c") or one == path):
        files, system = own.behind(source)
        if path in files:
            words = frozenset[bytes]().union(*(plain(texts[one]).words for one in files))
            ways.add(known.follow(gone.path, words, system))
    ways -= {""} if len(ways) > 1 else set()
    return next(iter(ways)) if len(ways) == 1 else None


def _rule(gone: HeaderGone, now: str, paths: Iterable[str], number: int) -> PortRule:
    old = gone.id
    text = f"@gone@\n@@\n- #include <{old}>\n"
    title = f"#include <{old}> goes, as that header did and nothing that only it had is used"
    if now:
        text = (
            f"@there@\n@@\n #include <{now}>\n\n@twice depends on there@\n@@\n- #include <{old}>\n\n"
            f"@gone depends on !there@\n@@\n- #include <{old}>\n+ #include <{now}>\n"
        )
        title = f"#include <{old}> becomes <{now}>, which declares by now what is used of it"
    return PortRule(f"{old}.gone{number or ''}", old, title, text, Declarations(), (), frozenset(paths))
