"""One C file -> Outline, the names that it may define or enter into tables, at a tenth of what parsing costs.

An outline may name too much, never too little: a file whose outline lacks a name need not be parsed to know that it does not
define it.  tree-sitter decides about the rest (`file_facts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.code.texts.dialect import closing, with_plain_heads
from cocci_gen.code.texts.source import CALL_BACK, OPERATIONS, is_loop

#: A comment, also one that the text cuts off.
_COMMENT = re.compile(rb"/\*.*?(?:\*/|\Z)|//[^\n]*", re.S)
#: What stands before a block of a statement, behind labels.  A line that begins in column 0 below may be a head behind a macro.
_CONTROL = re.compile(
    rb"\s*+(?:\w+\s*:\s*|case\b[^:;{}]*:\s*)*(?:if|for|while|switch|else|do|return)\b(?!.*\n\S)", re.S
)
#: The last sign before the brace of an initialiser or of a statement in an expression.
_NO_HEAD = frozenset(bytes([sign]) for sign in b"=,(|&?:+-<>[!~*%^")
#: The rest of a line and those that continue it, and a whole such line that is for the preprocessor.
_LOGICAL_LINE = re.compile(rb"[^\n\\]*(?:\\.[^\n\\]*)*", re.S)
_DIRECTIVE = re.compile(rb"^[ \t]*#" + _LOGICAL_LINE.pattern, re.M | re.S)
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
#: Leaves words and opening brackets.
_WORDS_AND_BRACKETS = bytes(sign if sign in _WORD or sign == ord("(") else 0x20 for sign in range(256))
_KEY_WORDS = frozenset(
    b"if for while switch return sizeof __attribute__ defined typeof else __typeof__ __aligned __section".split()
)
#: More text than this before an `#if` holds no half of a head.
_LONGEST_HEAD = 20_000
#: Comments that hold a `;`, one for each parameter of the longest heads.
_MOST_COMMENTS = 64

#: `= function`, behind casts and `&`, up to the end of the entry or statement.
_VALUE = (
    rb"\s*+=(?!=)\s*+(?:(?:/\*[^*]*\*/|\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)|[&*(])\s*+)*(?!NULL\b|true\b|false\b)"
    rb"([A-Za-z_]\w*+)(?:\s|/\*.*?\*/|//[^\n]*)*+(?:[;,}\])#:\\]|\Z)"
)
_MEMBER = re.compile(rb"\.\s*+(\w++)" + _VALUE, re.S)
_POINTED = re.compile(rb"->\s*+(\w++)" + _VALUE, re.S)
#: `.first.second = function`, `.first[0] = function`: the first is what a table entry is for.
_PATH = re.compile(rb"\.\s*+(\w++)(?:\s*+\[[^\]\n]*+\]|\s*+\.\s*+\w++)++" + _VALUE, re.S)

#: White space before a member; behind more of it, it may be anything.
_BLANKS = 80
_TAG = re.compile(rb"struct\s+(\w+)")

_MACRO = re.compile(rb"#[ \t]*+define[ \t]++(\w++)(?:\([^)\n]*+\))?+((?:[^\n\\]++|\\[\s\S])*+)")
_PAIR = re.compile(rb"\.(\w+)[ \t]*=[ \t]*&?(\w+)")
_CALLBACKS = {caller.encode(): methods for caller, (_, methods) in CALL_BACK.items()}


@dataclass(frozen=True, slots=True)
class Outline:
    """`functions` may be defined; of the methods that may be set to some function, `tabled` are set in a table of one of the
    structures `tags`, `assigned` elsewhere; `targets` may be what they are set to; `called` is called or declared, be it in a
    comment."""

    functions: frozenset[bytes]
    tabled: frozenset[bytes]
    assigned: frozenset[bytes]
    targets: frozenset[bytes]
    tags: frozenset[bytes]
    called: frozenset[bytes]


def outline(text: bytes) -> Outline:
    """The names of a file.

    Measured: all of 6.1 (1.1 GB, 51,689 files) takes 12 s on one core.
    """
    text = with_plain_heads(text)
    tabled = {*_PATH.findall(text), *_by_macros(text)}
    assigned = {*_POINTED.findall(text), *_given(text)}
    for match in _MEMBER.finditer(text):
        start = match.start()
        adjacent, before = text[start - 1 : start], text[max(0, start - _BLANKS) : start].rstrip()[-1:]
        if before not in (b"{", b","):
            assigned.add(match.groups())
        if adjacent != before or before in (b"{", b","):
            tabled.add(match.groups())
    functions = frozenset(_heads(text)) if b"{" in text else frozenset[bytes]()
    return Outline(
        functions,
        frozenset(method for method, _ in tabled),
        frozenset(method for method, _ in assigned),
        frozenset(word for _, word in tabled | assigned),
        frozenset(filter(OPERATIONS.search, set(_TAG.findall(text)))) if tabled else frozenset(),
        frozenset(words_before_brackets(text)),
    )


def _heads(text: bytes) -> set[bytes]:
    """What may be the name of a function: words before a bracket in what stands before a block."""
    found: set[bytes] = set()
    lines_comment = text.find(b"//", 2) >= 0  # the first line often is one
    end = 0
    for part in text.split(b"{")[:-1]:
        start = end
        end += len(part) + 1
        cut = max(part.rfind(b";"), part.rfind(b"}")) + 1
        head = part[cut:]
        last = head.rstrip()
        if last[-1:] in _NO_HEAD and b"//" not in last.rpartition(b"\n")[2]:
            continue
        if cut and part[cut - 1] == 0x3B and head.isspace():  # `int f(a) int a; {`, as C was written once
            cut = part.rfind(b"}") + 1
            head = part[cut:]
        if b"#" not in head and not lines_comment and b"*/" not in head and (b"(" not in head or _CONTROL.match(head)):
            continue  # by far the most
        if b"#" in head:
            head = _behind_macro(text, start + cut, head)
        head = _whole_head(text, start + cut, head, lines_comment=lines_comment)
        if b"#" in head:
            head = _DIRECTIVE.sub(b"", head)
        if b"(" not in head or _CONTROL.match(head):
            continue
        words = words_before_brackets(head)
        found |= words - {word for word in words if is_loop(word) and not _defines(head, word)}
    return found - _KEY_WORDS


def _defines(head: bytes, word: bytes) -> bool:
    """Whether a type stands before the word: 2,500 files of 6.1 have `list_for_each_entry(...)` in front of a brace."""
    return re.search(rb"(?:(?<!\belse)(?<!\bdo)(?<=\w)\s+|\*\s*)" + re.escape(word) + rb"[ \t\n]*\(", head) is not None


def _behind_macro(text: bytes, start: int, head: bytes) -> bytes:
    """A head that begins inside of a macro, which holds a `;` or a brace, without the rest of that macro."""
    line = text.rfind(b"\n", 0, start) + 1
    inside = text[line - 2 : line] == b"\\\n" or text[line:start].lstrip()[:1] == b"#"
    return _LOGICAL_LINE.sub(b"", head, count=1) if inside else head


def static_alone(text: bytes, name: str) -> bool:
    """Whether all that a file says of a function in the first column is `static`: whoever is in doubt must parse it."""
    word = re.escape(name.encode())
    rest, heads = re.subn(rb"^static\b[^;{}()#]*\b" + word + rb"[ \t\n]*\(", b"", text, flags=re.MULTILINE)
    return heads > 0 and re.search(rb"^[^\s/*][^\n]*\b" + word + rb"\b", rest, flags=re.MULTILINE) is None


def words_before_brackets(text: bytes) -> set[bytes]:
    """What a text calls or declares: the words before opening brackets; a regular expression takes ten times as long."""
    pieces = text.translate(_WORDS_AND_BRACKETS).split(b"(")[:-1]
    return {words[-1] for words in (piece.rsplit(None, 1) for piece in pieces) if words}


def _whole_head(text: bytes, start: int, head: bytes, *, lines_comment: bool) -> bytes:
    """What stands before a block without comments, and with what stands before a conditional or a comment that cuts it."""
    if b"#e" in head or b"# e" in head:  # #else, #endif: the head may begin before the #if
        opened = text.rfind(b"#if", 0, start)
        first = _statement_before(text, opened)
        if opened >= 0 and start - first < _LONGEST_HEAD:
            head = _left_open(_behind_macro(text, first, text[first:start])) + b"\n" + head
    if b"*/" in head:
        head = _COMMENT.sub(b" ", _behind_comments(text, start, head))
    if lines_comment:
        line = text.rfind(b"\n", 0, start) + 1
        begun = text.find(b"//", line, start)
        if begun >= 0:
            head = text[_statement_before(text, begun) : begun] + b" " + head.partition(b"\n")[2]
        if b"//" in head:
            head = _COMMENT.sub(b" ", head)
    return head


def _left_open(text: bytes) -> bytes:
    """What each branch of a conditional leaves open at its end, and what stands open before the first."""
    branches = _DIRECTIVE.split(_COMMENT.sub(b" ", text))
    ends = (part[max(map(part.rfind, (b";", b"}", b"{"))) + 1 :] for part in branches)
    return b" ".join(end for end in ends if b"=" not in end)


def _behind_comments(text: bytes, start: int, head: bytes) -> bytes:
    """A head that begins inside of a comment, which holds a `;` or a brace, with what stands before that comment."""
    for _ in range(_MOST_COMMENTS):
        opened, closed = head.find(b"/*"), head.find(b"*/")
        begun = text.rfind(b"/*", 0, start)
        if closed < 0 or 0 <= opened < closed or begun < 0:
            break
        start = _statement_before(text, begun)
        head = text[start:begun] + b" " + head[closed + 2 :]
    return head


def _statement_before(text: bytes, place: int) -> int:
    """Where the statement begins in which a place lies."""
    return max(text.rfind(b";", 0, place), text.rfind(b"}", 0, place), text.rfind(b"{", 0, place)) + 1


def _by_macros(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What the macros of a file set: `#define OPS(fn) { .open = fn }` sets open to whatever it is given."""
    if (b"#define" not in text and b"# define" not in text) or not _PAIR.search(text):
        return
    pairs: set[tuple[bytes, bytes]] = set()
    names = []
    for match in _MACRO.finditer(text):
        body = match.group(2)
        if b"." in body and b"=" in body and (found := _PAIR.findall(body)):
            pairs.update(found)
            names.append(match.group(1))
    if pairs:
        yield from pairs
        method = next(iter(pairs))[0]
        yield from ((method, word) for word in _arguments(text, names))


def _given(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What is handed to the generic functions that call it as a method is called."""
    for caller, methods in _CALLBACKS.items() if b"_cache_" in text else ():  # all of them are of the page cache
        if caller in text:
            for word in _arguments(text, [caller]):
                yield from ((method.encode(), word) for method in methods)


def _arguments(text: bytes, names: Iterable[bytes]) -> Iterator[bytes]:
    """The words among the arguments of macros or functions."""
    for match in re.finditer(rb"\b(?:" + b"|".join(sorted(set(names))) + rb")\s*(?=\()", text):
        end = closing(text, match.end())
        if end > 0:
            yield from re.findall(rb"[A-Za-z_]\w*", text[match.end() : end])
