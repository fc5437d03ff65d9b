"""The C declarations of methods, as locking.rst and the headers write them -> Prototype.

    int (*write_begin)(struct file *, struct address_space *mapping,
                       loff_t pos, unsigned len, struct page **pagep, void **fsdata);
    void (*lm_notify)(struct file_lock *);  /* unblock callback */

No compiler reads the document, so its prototypes have typing errors; what is wrong is kept in `problems`, not refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.document.lines import squeeze

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_METHOD = re.compile(r"(?P<returns>[\w\s*]*?[\w*])\s*\(\s*\*\s*(?P<method>\w+)\s*\)\s*\((?P<parameters>.*)\)\s*;?\s*")
_BEGINS = re.compile(r"\s*[A-Za-z_][\w\s*]*\(\s*\*\s*\w+\s*\)\s*\(")
_FUNCTION_POINTER = re.compile(r"(?P<returns>.*?)\(\s*\*\s*\w*\s*\)\s*\((?P<parameters>.*)\)")
_TOKEN = re.compile(r"\w+|\*|\.\.\.")

_MOST_LINES = 40  # of one prototype; the longest real one has four
_MOST_BRACKETS = 40

_QUALIFIERS = frozenset({"const", "volatile"})
_ANNOTATIONS = frozenset(
    ["__user", "__iomem", "__force", "__rcu", "__percpu", "__bitwise", "__restrict", "restrict", "register"]
)
_TAGS = frozenset({"struct", "union", "enum"})
_BASIC = frozenset({"void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool", "bool"})


@dataclass(frozen=True, slots=True)
class Prototype:
    """One method prototype; `method` is "" where the text could not be read as one (`problems` says why)."""

    method: str
    returns: str
    parameters: tuple[str, ...]
    text: str
    line: int
    last_line: int
    comment: str
    problems: tuple[str, ...]

    @property
    def signature(self) -> str:
        """Types only, in one spelling, so that two declarations of the same method can be compared."""
        types = [type_of(parameter) for parameter in self.parameters]
        return f"{type_of(self.returns + ' ')}({', '.join(types)})"


def read_prototypes(lines: Sequence[str], first: int) -> tuple[Prototype, ...]:
    """The prototypes of a block of lines; `first` is the number of the first line. Every non-blank line is in one."""
    return tuple(_prototype(text, first + start, first + end) for text, start, end in _pieces(lines))


def _pieces(lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Text, first and last index of each declaration.

    It ends at the semicolon, else before a line that begins the next one; a comment behind the semicolon belongs to it.
    """
    piece: list[str] = []
    start = 0
    for index, line in enumerate(lines):
        bare = _COMMENT.sub(" ", line).strip()
        if piece and bare and _BEGINS.match(bare) and _complete("\n".join(piece)):
            yield "\n".join(piece), start, index - 1
            piece = []
        if not line.strip() and not piece:
            continue
        if not piece:
            start = index
        piece.append(line)
        if ";" in _COMMENT.sub(" ", "\n".join(piece)) or len(piece) == _MOST_LINES:
            yield "\n".join(piece), start, index
            piece = []
    if piece:
        while not piece[-1].strip():
            piece.pop()
        yield "\n".join(piece), start, start + len(piece) - 1


def _complete(text: str) -> bool:
    """Whether the declaration has a method and closes its brackets, so that only its semicolon can be missing."""
    bare = squeeze(_COMMENT.sub(" ", text))
    return _METHOD.fullmatch(bare) is not None and bare.count("(") == bare.count(")")


def _prototype(text: str, line: int, last_line: int) -> Prototype:
    comment = squeeze(" ".join(match.strip("/*") for match in _COMMENT.findall(text)))
    bare = squeeze(_COMMENT.sub(" ", text))
    match = _METHOD.fullmatch(bare)
    if match is None or bare.count("(") > _MOST_BRACKETS:
        return Prototype("", "", (), bare, line, last_line, comment, ("no method prototype",))
    problems = [] if bare.endswith(";") else ["no semicolon"]
    arguments = match["parameters"].strip()
    surplus = arguments.count("(") - arguments.count(")")
    if surplus:
        problems.append("brackets do not balance")
        arguments = arguments.lstrip("(") if surplus > 0 else arguments.rstrip(")")
    return Prototype(
        match["method"],
        squeeze(match["returns"]),
        split_parameters(arguments),
        bare,
        line,
        last_line,
        comment,
        tuple(problems),
    )


def in_pages(method: str) -> str:
    """The name of a method with a folio being a page: `readpage` and `read_folio` are one method of two eras."""
    return method.replace("folio", "page").replace("_", "")


def split_parameters(text: str) -> tuple[str, ...]:
    """The parameters of a list, split at the commas outside of brackets; `void` alone is none."""
    parts = [""]
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    parameters = tuple(squeeze(part) for part in parts if part.strip())
    return () if parameters == ("void",) else parameters


def type_of(parameter: str) -> str:
    """The type of a parameter without its name, attributes and differences of spelling.

    `unsigned flags` is `unsigned int`, `struct page**pagep` is `struct page **`, `char buf[8]` is `char *`.
    """
    pointer = _FUNCTION_POINTER.fullmatch(parameter.strip())
    if pointer:
        inner = ", ".join(type_of(part) for part in split_parameters(pointer["parameters"]))
        return f"{type_of(pointer['returns'] + ' ')} (*)({inner})"
    bare, arrays = re.subn(r"\[[^\]]*\]", "", parameter)
    tokens = [token for token in _TOKEN.findall(bare) if token not in _ANNOTATIONS]
    words = _without_name(tokens)
    stars = "*" * (words.count("*") + arrays)
    base = _one_spelling([word for word in words if word != "*"])
    return f"{base} {stars}" if stars else base


def _without_name(tokens: list[str]) -> list[str]:
    """The tokens without a last one that is the parameter's name: an identifier behind a complete type."""
    if not tokens or tokens[-1] == "*" or tokens[-1] in _BASIC | _QUALIFIERS:
        return tokens
    before = [token for token in tokens[:-1] if token not in _QUALIFIERS]
    complete = before and before[-1] not in _TAGS
    return tokens[:-1] if complete else tokens


def _one_spelling(words: list[str]) -> str:
    """The words of a type in the order and number that the kernel mostly writes."""
    qualifiers = [word for word in words if word in _QUALIFIERS]
    rest = [word for word in words if word not in _QUALIFIERS]
    if rest and all(word in _BASIC for word in rest):
        sign = ["unsigned"] if "unsigned" in rest else []
        size = [word for word in rest if word not in ("signed", "unsigned", "int")]
        rest = sign + (size or ["int"])
        rest = ["bool"] if rest == ["_Bool"] else rest
    return " ".join(qualifiers + rest)
