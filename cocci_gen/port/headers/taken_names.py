"""Static functions of some code, and the headers of both kernels -> NameTaken, those whose names a header declares by now, and
the rules that give them others.

`static struct dentry *start_creating(...)` of a file cannot stand beside a function that <linux/namei.h> declares since.  It is
renamed within its file, to what its neighbours' names begin with (`debugfs_start_creating`): that changes nothing that it does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import NameTaken
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.headers.new_homes import OwnIncludes
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import Code, Written
from cocci_gen.port.texts.plain_text import blank_comments, plain

_CONDITION = re.compile(rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|endif)\b", re.MULTILINE)
#: So many functions of a file have to begin alike, and more than half of all.
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Renamed:
    """A static function whose name is taken, and its name by now ("" where no other one suggests itself, or where a condition
    around it may mean just that)."""

    evolution: NameTaken
    function: Written
    name: str

    @property
    def rule(self) -> PortRule:
        """The semantic patch: the definition, declarations ahead of it, and all that names it."""
        old, new = self.evolution.old, self.name
        text = renaming(old, new)
        title = f"{old}() becomes {new}(), as {self.evolution.header} declares a function of that name by now"
        path = self.function.path
        name = f"{self.evolution.id}.{re.sub(r'[^A-Za-z0-9]+', '_', path)}"
        return PortRule(name, self.evolution.id, title, text, Declarations(), (frozenset({old}),), frozenset({path}))


def renaming(old: str, new: str) -> str:
    """The SmPL that gives a function another name: where it is defined, where it is declared, and all that names it."""
    fn = f"identifier fn = {{{old}}};\ntype R;\n@@\n R\n- fn\n+ {new}\n"
    used = f"symbol {old}, {new};\n@@\n- {old}\n+ {new}\n"
    return f"@defined@\n{fn} (...) {{ ... }}\n\n@declared@\n{fn} (...);\n\n@used@\n{used}"


def taken_names(code: Code, headers: tuple[Includes, Includes]) -> Iterator[Renamed]:
    """Each static function of a C file whose name the headers that it includes declare by now, and did not before."""
    own = OwnIncludes(code.texts)
    static: dict[str, list[Written]] = {}
    for ones in code.functions.values():
        for one in ones:
            if one.span.static and one.path.endswith(".c"):
                static.setdefault(one.path, []).append(one)
    for path, functions in sorted(static.items()):
        _, system = own.behind(path)
        before, after = (some.closure(system) for some in headers)
        names = {one.name.encode() for one in functions} & headers[1].declared(after) - headers[0].declared(before)
        for one in sorted(functions, key=lambda some: some.span.start):
            header = _declares(headers[1], after, one.name) if one.name.encode() in names else ""
            if header:
                yield Renamed(NameTaken(one.name, header), one, _free_name(one, code, headers[1].declared(after)))


def _declares(headers: Includes, paths: frozenset[str], name: str) -> str:
    """The header that declares a function of a name, by all that is read there."""
    word = name.encode()
    for path in sorted(paths):
        if word in headers.declared(frozenset({path})) and name in read_headers(headers.texts([path])).functions:
            return path
    return ""


def _free_name(function: Written, code: Code, taken: frozenset[bytes]) -> str:
    text = code.texts[function.path]
    ahead = [found[1] for found in _CONDITION.finditer(blank_comments(text[: function.span.start]))]
    if sum(-1 if word == b"endif" else 1 for word in ahead):
        return ""
    names = [one.name for ones in code.functions.values() for one in ones if one.path == function.path]
    first = Counter(name.split("_")[0] for name in names if "_" in name.strip("_") and name != function.name)
    for word, count in first.most_common(1):
        new = f"{word}_{function.name}"
        known = any(new.encode() in plain(some).words for some in code.texts.values()) or new.encode() in taken
        if (
            word
            and count >= _FEWEST
            and 2 * count > len(names)
            and not known
            and not function.name.startswith(f"{word}_")
        ):
            return new
    return ""
