"""A C text -> the same without its conditionals, line structure kept.

What the text itself or the version of the tree decides (`#if 0`, `LINUX_VERSION_CODE`) is decided.  A configuration is left
open: `settled` keeps the conditional for tree-sitter, `branched` makes an `if` of it, so that both sides are seen.  Where
the branches are no statements of their own (heads of functions, halves of an expression), one of them is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cocci_gen.code.texts.expressions import evaluate
from cocci_gen.code.texts.remarks import blanked
from cocci_gen.code.texts.values import truth

_DIRECTIVE = re.compile(rb"[ \t]*#[ \t]*(\w+)[ \t]*(.*)", re.S)
#: Conditionals in one another; deeper ones (63 are what C promises) stay as they are: each level costs its length.
_DEEPEST = 64
_HALF = re.compile(rb"(?:^|[;}\n])\s*(?:if|while|for|switch|else)\b[^;{}]*\Z")
_OF_GROUPS = frozenset({"if", "ifdef", "ifndef", "else", "elif", "elifdef", "elifndef", "endif"})
_LABEL = re.compile(rb"(?:^|[;{}\n])\s*(?!default\b)\w+\s*:\Z")
_COMMENT = re.compile(rb"/\*.*?\*/|//[^\n]*", re.S)
_CONTINUED = re.compile(rb"\\[ \t\r]*\n")
_DEFINED = re.compile(r"\bdefined[ \t]*(?:\([ \t]*(\w+)[ \t]*\)|(\w+))")
_KERNEL_VERSION = re.compile(r"\bKERNEL_VERSION[ \t]*\([ \t]*(\d+)[ \t]*,[ \t]*(\d+)[ \t]*,[ \t]*(\d+)[ \t]*\)")
_ENABLED = re.compile(r"\bIS_(?:ENABLED|BUILTIN|MODULE|REACHABLE)[ \t]*\([ \t]*(\w+)[ \t]*\)")
#: What every compiler of a Linux kernel defines, and what it never does.
_ALWAYS = frozenset({"__KERNEL__", "__linux__", "linux", "__linux", "__unix__", "__GNUC__", "__STDC__"})
_NEVER = frozenset(
    [
        "__cplusplus",
        "_WIN32",
        "_WIN64",
        "__APPLE__",
        "__MACH__",
        "__FreeBSD__",
        "__NetBSD__",
        "__OpenBSD__",
        "__DragonFly__",
        "__sun",
        "__sun__",
        "sun",
        "_MSC_VER",
        "__CYGWIN__",
        "__ASSEMBLY__",
        "__ASSEMBLER__",
        "_AIX",
        "__hpux",
        "__sgi",
        "__CHECKER__",
        "__GENKSYMS__",
    ]
)


def version_code(version: int, patch: int, sub: int) -> int:
    """LINUX_VERSION_CODE of a version."""
    return (version << 16) + (patch << 8) + min(sub, 255)


@dataclass(slots=True)
class Branch:
    """One branch: the lines of its directive, its condition ("" for `#else`), and the lines behind them up to the next one."""

    first: int
    last: int
    word: str
    condition: str
    end: int = 0
    #: Whether it is compiled; None when the configuration decides.
    taken: bool | None = None


@dataclass(slots=True)
class Group:
    """`#if` to `#endif`; `orphan` tells that it begins before the text."""

    orphan: bool
    branches: list[Branch] = field(default_factory=list)
    end_first: int = 0
    end_last: int = 0


def joined(text: bytes) -> bytes:
    """A directive of several lines in one, as the preprocessor reads it, whichever way its lines end."""
    return _CONTINUED.sub(b" ", text)


def starting_lines(directive: re.Pattern[bytes], text: bytes) -> Iterator[re.Match[bytes]]:
    """Where a pattern that begins with `#` is found at the start of a line; to search for `^` takes five times as long."""
    place = 0
    while match := directive.search(text, place):
        begins = not text[text.rfind(b"\n", 0, match.start()) + 1 : match.start()].strip(b" \t")
        place = match.end() if begins else match.start() + 1
        if begins:
            yield match


def _condition(word: str, rest: bytes) -> str:
    text = _COMMENT.sub(b" ", joined(rest)).decode("utf-8", "surrogateescape")
    text = " ".join(text.split())
    if word in ("ifdef", "ifndef", "elifdef", "elifndef"):
        name = text.split(" ")[0]
        return f"!defined({name})" if word.endswith("ndef") else f"defined({name})"
    return text


def decided(condition: str, version: int) -> bool | None:
    """Whether a condition of the preprocessor holds in a tree of this LINUX_VERSION_CODE (0: not known); None when only a
    configuration tells."""

    def defined(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        return "1" if name in _ALWAYS else "0" if name in _NEVER else f"is_defined_{name}"

    def code(match: re.Match[str]) -> str:
        return str(version_code(int(match.group(1)), int(match.group(2)), int(match.group(3))))

    text = _KERNEL_VERSION.sub(code, _DEFINED.sub(defined, condition))
    if version:
        text = re.sub(r"\bLINUX_VERSION_CODE\b", str(version), text).replace("is_defined_LINUX_VERSION_CODE", "1")
    return truth(evaluate(text, {})) if len(text) < 400 else None


def groups_of(lines: list[bytes]) -> tuple[list[Group], list[tuple[int, int]]]:
    """The conditionals, inner ones first, and the (first, last) lines of all other directives, those of conditionals that are
    nested too deep included."""
    open_groups: list[Group] = []
    too_deep = 0
    found: list[Group] = []
    others: list[tuple[int, int]] = []
    index = 0
    for first in [number for number, line in enumerate(lines) if b"#" in line]:
        if first < index or not lines[first].lstrip().startswith(b"#"):
            continue
        index = first + 1
        while index < len(lines) and lines[index - 1].rstrip().endswith(b"\\"):
            index += 1
        match = _DIRECTIVE.match(b"\n".join(lines[first:index]))
        if match is None:
            continue
        word = match.group(1).decode("ascii", "replace")
        opens = word in ("if", "ifdef", "ifndef")
        if too_deep + opens and len(open_groups) >= _DEEPEST and word in _OF_GROUPS:
            too_deep += opens - (word == "endif")
            others.append((first, index))
        elif opens:
            open_groups.append(Group(False, [Branch(first, index, word, _condition(word, match.group(2)))]))
        elif word in _OF_GROUPS:
            if not open_groups:  # the text begins inside of it; what is open before it cannot be
                open_groups.append(Group(True, [Branch(0, 0, "if", "")]))
            group = open_groups[-1]
            group.branches[-1].end = first
            if word == "endif":
                group.end_first, group.end_last = first, index
                found.append(open_groups.pop())
            else:
                condition = "" if word == "else" else _condition(word, match.group(2))
                group.branches.append(Branch(first, index, word, condition))
        else:
            others.append((first, index))
    for group in reversed(open_groups):  # the text ends inside of it
        group.branches[-1].end = group.end_first = group.end_last = len(lines)
        found.append(group)
    return found, others


def _decide(group: Group, version: int) -> None:
    """Which branches are compiled."""
    if group.orphan:
        for number, branch in enumerate(group.branches):
            branch.taken = number == 0
        return
    before: bool | None = False  # whether an earlier branch is compiled
    for branch in group.branches:
        holds = decided(branch.condition, version) if branch.condition else branch.word == "else"
        if before is True or holds is False:
            branch.taken = False
        else:
            branch.taken = True if before is False and holds else None
        if holds or before is True:
            before = True
        elif holds is None:
            before = None


def is_guard(group: Group, lines: list[bytes]) -> bool:
    """Whether a group keeps a header from being read twice."""
    first = group.branches[0]
    if first.word != "ifndef" or len(group.branches) > 1 or first.last >= len(lines):
        return False
    return lines[first.last].split()[:2] == [b"#define", first.condition[9:-1].encode("utf-8", "surrogateescape")]


class _Text:
    """The lines while they are changed; `plain` are the same without comments and strings."""

    def __init__(self, text: bytes) -> None:
        self.lines = text.split(b"\n")
        self.directives: frozenset[int] = frozenset()
        self._text = text
        self._plain: list[bytes] = []

    @property
    def plain(self) -> list[bytes]:
        if not self._plain:
            self._plain = blanked(self._text).split(b"\n")
        return self._plain

    def blank(self, first: int, last: int) -> None:
        for number in range(first, last):
            self.lines[number] = b" " * len(self.lines[number])
            self.plain[number] = b""

    def code(self, first: int, last: int) -> bytes:
        """What counts of some lines: no directives (which may have continuation lines)."""
        end = min(last, len(self.plain))
        rows = (self.plain[number] for number in range(first, end) if number not in self.directives)
        return b"\n".join(rows).strip()

    def before(self, line: int) -> bytes:
        """The code of the statement that a line interrupts: what stands before it behind the last `;` or brace."""
        parts: list[bytes] = []
        for number in range(line - 1, max(-1, line - 60), -1):
            row = self.plain[number]
            if number in self.directives:
                continue
            cut = max(row.rfind(b";"), row.rfind(b"{"), row.rfind(b"}"))
            parts.append(row[cut + 1 :] if cut >= 0 else row)
            if cut >= 0:
                break
        return b" ".join(reversed(parts)).strip()


def _level(code: bytes, opening: bytes, end: bytes) -> bool:
    """Whether every bracket in a piece of code has its partner there."""
    depth = 0
    for sign in re.findall(b"[" + re.escape(opening) + re.escape(end) + b"]", code):
        depth += 1 if sign == opening else -1
        if depth < 0:
            return False
    return depth == 0


def _statements(group: Group, text: _Text, *, strict: bool, labelled: bool) -> bool:
    """Whether the branches are statements (or declarations, or entries of a list) of their own; `strict` excludes lists,
    `labelled` what ends with a label."""
    before = text.before(group.branches[0].first)
    if before.count(b"(") != before.count(b")"):
        return False
    if before and not before.endswith(b":") and (strict or not before.endswith((b",", b"="))):
        complete = group.branches[-1].word == "else" and (before.endswith(b")") or before == b"else")
        if not complete or not strict:
            return False
    behind = text.code(group.end_last, group.end_last + 3)
    if re.match(rb"else\b", behind):
        return False
    for branch in group.branches:
        code = text.code(branch.last, branch.end)
        if not code or branch.taken is False:
            continue
        if not _level(code, b"{", b"}") or not _level(code, b"(", b")") or re.match(rb"else\b|[|&?=+]", code):
            return False
        if code.endswith(b")") and _HALF.search(code):
            return False  # the `if` of a statement that stands behind the conditional
        if code.endswith(b")") and behind.startswith(b"{"):
            return False  # the heads of one function
        if labelled and _LABEL.search(code):
            return False  # a label before `#endif` has no statement
        if not code.endswith((b";", b"}", b":") if strict else (b";", b"}", b":", b",", b")")):
            return False
    return True


def _entries(live: list[Branch], text: _Text) -> bool:
    """Whether the branches hold entries of an initialiser."""
    codes = [code for one in live if (code := text.code(one.last, one.end))]
    return bool(codes) and all(re.match(rb"[.{\[]", code) and code.endswith(b",") for code in codes)


def _shown(condition: str) -> str:
    """A condition as one of C: `defined(X)` is `X`."""
    return _ENABLED.sub(r"\1", _DEFINED.sub(lambda m: m.group(1) or m.group(2), condition)) or "1"


def _as_if(group: Group, text: _Text) -> None:
    """The directives of a group overwritten by an `if` and its branches."""
    ends = [
        ";}" if text.code(one.last, one.end).endswith(b":") else "}" for one in group.branches
    ]  # no label ends a block
    for number, branch in enumerate(group.branches):
        start = f"{ends[number - 1]} else " if number else ""
        words = start + ("{" if branch.word == "else" else f"if ({_shown(branch.condition)}) {{")
        text.lines[branch.first] = words.encode("utf-8", "surrogateescape")
        text.plain[branch.first] = text.lines[branch.first]
        text.blank(branch.first + 1, branch.last)
    text.blank(group.end_first, group.end_last)
    if group.end_first < len(text.lines):
        text.lines[group.end_first] = text.plain[group.end_first] = ends[-1].encode()


def _take(group: Group, chosen: Branch | None, text: _Text) -> None:
    """One branch is kept (or none); the directives go."""
    for branch in group.branches:
        text.blank(branch.first, branch.last)
        if branch is not chosen:
            text.blank(branch.last, branch.end)
    text.blank(group.end_first, group.end_last)


def _resolved(text: bytes, version: int, *, branch: bool, keep: bool, labelled: bool = False) -> bytes:
    work = _Text(text)
    groups, others = groups_of(work.lines)
    ranges = [
        *others,
        *((b.first, b.last) for g in groups for b in g.branches),
        *((g.end_first, g.end_last) for g in groups),
    ]
    work.directives = frozenset(number for first, last in ranges for number in range(first, last))
    if not keep:
        for first, last in others:
            work.blank(first, last)
    for group in groups:
        _decide(group, version)
        if is_guard(group, work.lines):
            group.branches[0].taken = True
        live = [one for one in group.branches if one.taken is not False]
        sure = next((one for one in live if one.taken), None)
        if sure is not None or not live:
            _take(group, sure, work)
        elif keep and _entries(live, work):  # C has no conditionals in a list, and each entry counts
            for one in group.branches:
                work.blank(one.first, one.last)
                if one.taken is False:
                    work.blank(one.last, one.end)
            work.blank(group.end_first, group.end_last)
        elif (branch or keep) and _statements(group, work, strict=branch, labelled=labelled):
            for one in group.branches:
                if one.taken is False:
                    work.blank(one.last, one.end)
            if branch and group.branches[-1].word == "else":
                _as_if(group, work)
            elif branch:  # code that a configuration leaves out breaks no promise: it is taken to be there
                for one in group.branches:
                    work.blank(one.first, one.last)
                work.blank(group.end_first, group.end_last)
        else:
            _take(group, live[0], work)
    return b"\n".join(work.lines)


def settled(text: bytes, version: int = 0, *, labelled: bool = False) -> bytes:
    """A file with every conditional settled that the version decides or that tree-sitter could not read; bytes stay where they
    are.  Other directives are left alone; `labelled` settles those too that end with a label, which spatch can read."""
    if b"#if" not in text and b"# if" not in text and b"#  if" not in text:
        return text
    return _resolved(text, version, branch=False, keep=True, labelled=labelled)


def branched(text: bytes, version: int = 0) -> bytes:
    """A function with no directives; what the configuration decides is an `if`.  Lines stay, columns do not."""
    return _resolved(text, version, branch=True, keep=False) if b"#" in text else text


def without_directives(text: bytes, version: int = 0) -> bytes:
    """A function with directives overwritten by spaces and the first branch taken of what the configuration decides; bytes
    stay where they are."""
    return _resolved(text, version, branch=False, keep=False) if b"#" in text else text
