"""The headers of a kernel and some names -> Headers: which of the names they declare, with how many parameters, and which may be
made by a macro that pastes words together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.document.declarations import split_parameters
from cocci_gen.port.texts.plain_text import blank_comments
from cocci_gen.port.texts.trees import Sources

_BLANKS = bytes(sign if chr(sign).isalnum() or sign == ord("_") else 32 for sign in range(128)) + bytes(range(128, 256))
_DEFINE = re.compile(rb"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^)\n]*)\)((?:[^\n\\]|\\[\s\S])*)")
_PASTED = re.compile(rb"\w+(?:[ \t]*##[ \t]*\w+)+")
#: What stands before the name of a function that is declared: words and stars alone, from the end of what was before.
_TYPE = re.compile(rb"(?:\A|[;{}\n])\s*((?:\w+[\s*]+)+)\Z")
_NO_TYPE = frozenset({b"return", b"else", b"do", b"goto", b"case", b"sizeof"})
#: A macro that pastes nothing but its parameters and a sign or two makes any name.
_FEWEST_LETTERS = 2
#: Macros of other architectures (`set_##name` of some registers) make no name that a module may rely upon.
_PASTING = ("include/", "arch/x86/")
_BEHIND = re.compile(rb"\s*(?:[;{]|__\w+)")
#: A declaration is not longer than this in front of its name.
_HEAD = 300


@dataclass(frozen=True, slots=True)
class Headers:
    """`said` are the names that stand in a header, comments aside; `takes` the possible numbers of parameters of those whose
    declarations could all be read; `made` the names that macros may paste together."""

    said: frozenset[str]
    takes: Mapping[str, frozenset[int]]
    made: frozenset[str]


def read_headers_for(
    kernels: Sequence[Sources], names: Collection[str], own: Iterable[bytes], further: Sequence[Collection[str]]
) -> list[Headers]:
    """For each kernel: the headers of include/ and of every architecture, those of other folders that are `further`, and the
    texts of the module (its macros and words count for pasted names).  What all kernels have alike is read once."""
    wanted = frozenset(name.encode() for name in names)
    paths = [{*_headers(one), *more} for one, more in zip(kernels, further, strict=True)]
    first = kernels[0]
    alike = {
        path for path in set[str].intersection(*paths) if all(one.oids[path] == first.oids[path] for one in kernels)
    }
    mine = _Read(wanted)
    for text in own:
        mine.add("", text)
    shared = _read(first, alike, wanted)
    return [
        _joined((shared, _read(one, some - alike, wanted), mine), wanted)
        for one, some in zip(kernels, paths, strict=True)
    ]


def _headers(sources: Sources) -> Iterator[str]:
    for path in sources.below(["include", "arch"], (".h",)):
        if path.startswith("include/") or "/include/" in path:
            yield path


class _Read:
    """What some headers say of the names that are wanted, with their words and the names that their macros make."""

    def __init__(self, wanted: frozenset[bytes]) -> None:
        self.wanted = wanted
        self.said, self.words, self.unread = set[bytes](), set[bytes](), set[bytes]()
        self.takes: dict[bytes, set[int]] = {}
        self.patterns: dict[bytes, None] = {}

    def add(self, path: str, text: bytes) -> None:
        """A header of a kernel, or with the path "" a text of the module, which declares nothing for others."""
        words = set(text.translate(_BLANKS).split())
        self.words |= words
        if b"##" in text and (not path or path.startswith(_PASTING)):
            self.patterns.update(dict.fromkeys(_pasted(text)))
        hit = self.wanted & words if path else frozenset()
        clean = blank_comments(text) if hit else b""
        for name in hit:
            if not _is_said(clean, name):
                continue
            self.said.add(name)
            found = _numbers(clean, name)
            if found is None:
                self.unread.add(name)
            else:
                self.takes.setdefault(name, set()).update(found)


def _read(sources: Sources, paths: Iterable[str], wanted: frozenset[bytes]) -> _Read:
    read = _Read(wanted)
    for path, text in sources.texts(sorted(paths)):
        read.add(path, text)
    return read


def _joined(parts: Sequence[_Read], wanted: frozenset[bytes]) -> Headers:
    said = frozenset[bytes]().union(*(one.said for one in parts))
    unread = frozenset[bytes]().union(*(one.unread for one in parts))
    takes: dict[bytes, frozenset[int]] = {}
    for one in parts:
        for name, numbers in one.takes.items():
            takes[name] = takes.get(name, frozenset()) | numbers
    patterns = dict.fromkeys(pattern for one in parts for pattern in one.patterns)
    made = _made(wanted - said, patterns, [one.words for one in parts])
    known = {name.decode(): ones for name, ones in takes.items() if ones and name not in unread}
    return Headers(frozenset(one.decode() for one in said), known, frozenset(one.decode() for one in made))


def _pasted(text: bytes) -> Iterator[bytes]:
    """The names that macros of a header make, as regular expressions with a group for each parameter."""
    for define in _DEFINE.finditer(text):
        parameters = {one.strip() for one in define[2].split(b",")}
        for found in _PASTED.finditer(define[3]):
            parts = [part.strip() for part in found[0].split(b"##")]
            letters = sum(len(part.replace(b"_", b"")) for part in parts if part not in parameters)
            if any(part in parameters for part in parts) and letters >= _FEWEST_LETTERS:
                yield b"".join(rb"(\w+)" if part in parameters else re.escape(part) for part in parts)


def _made(names: Collection[bytes], patterns: Iterable[bytes], words: Sequence[Collection[bytes]]) -> Iterator[bytes]:
    """Those of the names that a pattern makes of words that are there."""
    if not names:
        return
    for pattern in patterns:
        compiled = re.compile(pattern)
        for name in names:
            found = compiled.fullmatch(name)
            if found is not None and all(any(part in some for some in words) for part in found.groups()):
                yield name


def pasted_names(names: Collection[str], texts: Iterable[bytes]) -> frozenset[str]:
    """Those of the names that two words of some texts make, where a macro of these pastes nothing but what it gets."""
    words, pastes = set[bytes](), False
    for text in texts:
        words.update(text.translate(_BLANKS).split())
        pastes = pastes or any(_pastes_alone(define) for define in _DEFINE.finditer(text))
    return frozenset(
        name for name in names
        if pastes and any(name[:at].encode() in words and name[at:].encode() in words for at in range(1, len(name)))
    )  # fmt: skip


def _pastes_alone(define: re.Match[bytes]) -> bool:
    """Whether a macro pastes its parameters with each other: `#define JOIN(a, b) a##b`."""
    parameters = {one.strip() for one in define[2].split(b",")}
    parts = [[part.strip() for part in found[0].split(b"##")] for found in _PASTED.finditer(define[3])]
    return any(parameters.issuperset(one) for one in parts)


def _is_said(clean: bytes, name: bytes) -> bool:
    """Whether a header says a name other than for a member of a structure, or for a structure."""
    return any(not _is_tag(clean, match.start()) for match in _occurrences(clean, name))


def _occurrences(clean: bytes, name: bytes) -> Iterator[re.Match[bytes]]:
    return re.finditer(rb"(?<![.>\w])(?<!\(\*)" + re.escape(name) + rb"\b", clean)


def _is_tag(clean: bytes, at: int) -> bool:
    return re.search(rb"\b(?:struct|union|enum)[ \t\n]+\Z", clean[max(0, at - 20) : at]) is not None


def _numbers(clean: bytes, name: bytes) -> set[int] | None:
    """How many parameters the declarations of a name have in a header; None where one of them can be called with any number, or
    may be read wrong."""
    found: set[int] = set()
    for match in _occurrences(clean, name):
        if _is_tag(clean, match.start()):
            continue
        start = clean.rfind(b"\n", 0, match.start()) + 1
        line = clean[start : match.start()]
        called = re.compile(rb"[ \t\n]*\(").match(clean, match.end())
        if re.fullmatch(rb"[ \t]*#[ \t]*define[ \t]+", line):
            if clean[match.end() : match.end() + 1] != b"(":
                return None  # another name for something
            inside = clean[match.end() + 1 : clean.find(b")", match.end())].decode("utf-8", "replace")
            if "..." in inside:
                return None
            found.add(_count(inside))
        elif called is None:
            if line.strip() == b"" or b"(" in line or b"#" in line:
                continue  # an argument, or a condition
            return None
        elif (end := _end(clean, called.end())) is None:
            return None
        elif _is_declared(clean, match.start(), end):
            inside = clean[called.end() : end - 1].decode("utf-8", "replace")
            if "..." in inside:
                return None
            found.add(_count(inside))
        elif line[:1].strip() and not line.lstrip().startswith(b"#"):
            return None
    return found


def _is_declared(clean: bytes, start: int, end: int) -> bool:
    head = _TYPE.search(clean, max(0, start - _HEAD), start)
    return head is not None and _NO_TYPE.isdisjoint(head[1].split()) and _BEHIND.match(clean, end) is not None


def _count(inside: str) -> int:
    listed = [one for one in split_parameters(inside) if one.strip()]
    return 0 if [one.strip() for one in listed] == ["void"] else len(listed)


def _end(text: bytes, at: int) -> int | None:
    """Where the bracket closes that is open at a place."""
    depth = 1
    for match in re.compile(rb"[()]").finditer(text, at):
        depth += 1 if match[0] == b"(" else -1
        if depth == 0:
            return match.end()
    return None
