"""Tags and enumerators of some code, and the headers of both kernels -> Leftover, those that a header which the code includes
defines by now as well.

`enum ovpn_mode` of a module cannot stand beside that of <linux/if_link.h>, and each of its files stops there.  Which of the two
is meant, and whether they are the same, only a person knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cocci_gen.port.headers.new_homes import OwnIncludes
from cocci_gen.port.members.unfolded import under_condition
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import Code
from cocci_gen.port.texts.plain_text import blank_comments, plain

_TAG = re.compile(rb"\b(struct|union|enum)[ \t\n]+(\w+)[ \t\n]*\{")
_ENUM = re.compile(rb"\benum\b[^;{}()]*\{([^{}]*)\}")
_ENUMERATOR = re.compile(rb"(?:\A|,)\s*([A-Za-z_]\w*)")
#: So many names of one enumeration are told.
_TOLD = 3

#: `enum row` or `ROW_FIRST` -> where its definition begins.
_Defined = Mapping[str, int]


def taken_tags(code: Code, headers: tuple[Includes, Includes]) -> Iterator[Leftover]:
    """Each definition of the code whose name the headers that some file includes with it define by now, outside of all
    conditions, and did not before."""
    own = OwnIncludes(code.texts)
    mine = {path: defined for path, text in code.texts.items() if (defined := _defined(text))}
    kernels = [_Definitions(one) for one in headers]
    told: dict[tuple[str, str], str] = {}
    for path in sorted(path for path in code.texts if path.endswith(".c")):
        files, system = own.behind(path)
        here = {(one, name) for one in files if one in mine for name in mine[one]} - told.keys()
        names = frozenset(name for _, name in here)
        now = kernels[1].among(names, headers[1].closure(system)) if names else {}
        had = kernels[0].among(frozenset(now), headers[0].closure(system)) if now else {}
        told |= {(file, name): now[name] for file, name in here if name in now and name not in had}
    yield from _leftovers(code, mine, told)


def _leftovers(code: Code, mine: Mapping[str, _Defined], told: Mapping[tuple[str, str], str]) -> Iterator[Leftover]:
    """One leftover for each definition, with the first of its enumerators."""
    places: dict[tuple[str, int, str], list[str]] = {}
    for (path, name), header in sorted(
        told.items(), key=lambda one: (one[0][0], mine[one[0][0]][one[0][1]], one[0][1])
    ):
        places.setdefault((path, mine[path][name], header), []).append(name)
    for (path, start, header), names in places.items():
        names.sort(key=lambda name: " " not in name)
        more = f" and {len(names) - _TOLD} others" if len(names) > _TOLD else ""
        known = header.removeprefix("include/").removeprefix("uapi/")
        reason = f"<{known}> defines {', '.join(names[:_TOLD])}{more} as well by now"
        line = code.texts[path].count(b"\n", 0, start) + 1
        yield Leftover(path, line, f"{names[0]} of its own", reason, ())


def _defined(text: bytes) -> _Defined:
    """The tags and enumerators that a text defines."""
    clean = blank_comments(text)
    found: dict[str, int] = {}
    for tag in _TAG.finditer(clean):
        found.setdefault(f"{tag[1].decode()} {tag[2].decode()}", tag.start())
    for enum in _ENUM.finditer(clean):
        for one in _ENUMERATOR.findall(enum[1]):
            found.setdefault(one.decode(), enum.start())
    return found


class _Definitions:
    """What the headers of a kernel define outside of all conditions; each is read when one that names the word is asked for."""

    def __init__(self, headers: Includes) -> None:
        self._headers = headers
        self._known: dict[str, _Defined] = {}

    def among(self, names: frozenset[str], paths: frozenset[str]) -> dict[str, str]:
        """Those of the names that some headers define, with the first header of each."""
        words = {name.rpartition(" ")[2].encode() for name in names}
        found: dict[str, str] = {}
        for path, text in self._headers.texts(sorted(paths)):
            if words.isdisjoint(plain(text).words):
                continue
            if path not in self._known:
                self._known[path] = _defined(text)
            for name in names & self._known[path].keys() - found.keys():
                if not under_condition(text.decode("latin-1"), self._known[path][name]):
                    found[name] = path
        return found
