"""A file before and after spatch -> the same change laid out as its surroundings are.

spatch keeps the layout of what it leaves alone.  Of what it writes, it leaves blanks at line ends, moves the `=` of a table whose
member it renames and puts a first declaration right above the code; 1.3 puts what it adds between two statements behind the first
and what it writes under an `if` into braces, and takes the blank line above a statement that it removes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from cocci_gen.document.declarations import split_parameters
from cocci_gen.port.texts.lines import opcodes
from cocci_gen.port.texts.parameters import name_of, without_name

_ENTRY = re.compile(rb"^([ \t]*\.\w+)([ \t]*)(=.*)$", re.DOTALL)
_DECLARATION = re.compile(
    rb"^[ \t]+(?:(?:const|static|struct|union|enum|unsigned|signed)[ \t]+)*\w+[ \t]+\**\w+[^()]*(?:=.*)?;"
)
_STATEMENT_WORDS = re.compile(rb"^[ \t]+(?:return|goto|else|case|break|continue)\b")
_TAB = 8
_TOKEN = re.compile(rb'(\s*)(/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\w+|->|\S)', re.DOTALL)
_COMMENT = re.compile(rb"^[ \t]*(/\*.*?\*/)[ \t]*$", re.DOTALL | re.MULTILINE)
_WORD = re.compile(rb"\w")
_ELSE = re.compile(rb"[ \t]*else\b")
#: A function that is declared, up to its parameters, and these.
_DECLARED = re.compile(rb"((?:\w+[ *]+)+\w+\()([^()#\\\"/]*)\);")
#: What may be a type in brackets, and the blanks between it and a word; what is called has a word before it.
_CAST = re.compile(rb"(?<![\w)\]])(\((?:[A-Za-z_]\w* )*[A-Za-z_]\w*(?: ?\*+)?\))( *)(?=[A-Za-z_])")
_COMMA = re.compile(rb"^([ \t]*),[ \t]*(.*)$", re.DOTALL)
_GLUED = re.compile(rb";(?=[A-Za-z_*])")
_COMMA_BEHIND_BLANKS = re.compile(rb"(?<=[\w)\]*])[ \t\n]+,")
#: A comma with nothing behind it.
_BARE_COMMA = re.compile(rb",(?=[\w&*(])")
#: The first argument of a call and the next one, which is a call with several arguments itself.
_NESTS = re.compile(rb"(\w+\([\w>.&*-]+,)\s+(?=\w+\([^()]*,)")
#: What begins a block at the end of a line.
_OPENS = re.compile(rb"[ \t]*\{[ \t]*(\r?)$")
#: Behind a comma a line may end.
_BREAKS = re.compile(rb",[ ]")
#: A change that shares less of its words is another text.
_ALIKE = 0.5
#: What checkpatch and most people take.
_MOST_COLUMNS = 80
#: What nobody takes.
_TOO_WIDE = 100


def relaid(before: bytes, after: bytes) -> bytes:
    """The text after, its new lines as the file's own lines are."""
    crlf = b"\r\n" in before
    old = before.split(b"\n")
    new = _blanks_as_before(old, _statements_apart(old, after.split(b"\n")))
    result: list[bytes] = []
    opened = made = False
    moved = (0, 0)
    for tag, start, end, first, last in opcodes(old, new):
        if tag == "equal":
            empty = bool(result) and opened and not new[first].strip() and result[-1].strip() == b"{"
            kept = list(new[first + empty : last])
            if made and result and kept and result[-1].strip() == b"}" and _ELSE.match(kept[0]):
                result[-1] = result[-1].rstrip() + b" " + kept.pop(0).lstrip()
            result += _under_the_bracket(kept, *moved)
            opened, made, moved = False, False, (0, 0)
            continue
        if tag == "delete" and _parts(old[start], result, new[first : first + 1]):
            result.append(old[start])
        made = tag != "delete"
        opened = tag == "delete"  # what stood first in a body went, and with it the blank line behind it
        lines = [_tidy(line, crlf=crlf) for line in new[first:last]]
        if tag == "replace":
            lines = _as_before(old[start:end], lines) or [*_lost_comments(old[start:end], lines), *lines]
            lines = _nested(_joined(old[start:end], lines)) if lines and not crlf else lines
            lines = _casts_as_before(old[start:end], _unnamed_as_before(old[start:end], lines))
            lines = _behind_tabs(lines)
            if not crlf and max(map(_width, old[start:end])) <= _MOST_COLUMNS:
                lines = [part for line in lines for part in _wrapped(line)]
        lines = [
            line + b"\r" if crlf and line.strip() and line[-1:] != b"\r" else line for line in _commas_behind(lines)
        ]
        if end - start == len(lines):
            lines = [_aligned(was, now) for was, now in zip(old[start:end], lines, strict=True)]
        else:
            column = _entry_column(_table_around(old, start, end)) if any(map(_ENTRY.match, lines)) else 0
            lines = [_in_column(line, column) for line in lines]
        if tag == "replace" and (place := _declarations(result, lines)) and not _declares(old[start]):
            lines.insert(place, b"\r" if crlf else b"")
        result += lines
        if tag == "replace":
            moved = _open_bracket(old[end - 1]), _open_bracket(result[-1])
        if lines and tag == "insert" and _wants_blank(result, lines, new[last : last + 1]):
            result.append(b"\r" if crlf else b"")
    return b"\n".join(result)


def without_ends(before: bytes, after: bytes, bare: Collection[str]) -> bytes:
    """The text after, without the `;` of new lines that are one of these macros alone: they make a whole function."""
    if not bare:
        return after
    there = set(before.split(b"\n"))
    alone = re.compile(rb"((?:%s)\([^()]*\));(\r?)" % "|".join(sorted(bare)).encode())
    return b"\n".join(
        line if line in there else alone.sub(rb"\1\2", line) if alone.fullmatch(line) else line
        for line in after.split(b"\n")
    )


def _parts(gone: bytes, above: Sequence[bytes], below: Sequence[bytes]) -> bool:
    """Whether a blank line that went with a statement still has two others to part."""
    if gone.strip() or not above or not below:
        return False
    return bool(above[-1].strip()) and not above[-1].rstrip().endswith(b"{") and bool(below[0].strip(b" \t\r}"))


def _statements_apart(old: Sequence[bytes], new: Sequence[bytes]) -> list[bytes]:
    """The new lines, each statement that was put behind the end of another on a line of its own, indented like that one."""
    there, result = frozenset(old), list[bytes]()
    for line in _unbraced(there, new):
        rest = line
        while rest not in there and (end := _end_of_first(rest)):
            result.append(rest[:end])
            rest = _indentation(result) + rest[end:]
        result.append(rest)
    return result


def _unbraced(there: Collection[bytes], new: Sequence[bytes]) -> Iterator[bytes]:
    """The new lines, without the braces that one statement was put in which stood there without."""
    number = 0
    while number < len(new):
        bare = _OPENS.sub(rb"\1", new[number])
        end = _end_of_braces(new, number) if bare in there and new[number] not in there else number
        yield bare if end > number else new[number]
        yield from new[number + 1 : end]
        number = end + 1


def _end_of_braces(lines: Sequence[bytes], start: int) -> int:
    """The line that closes the braces opened at the end of a line; its own number where they hold more than one statement."""
    indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
    for number in range(start + 1, len(lines)):
        inner = b"".join(lines[start + 1 : number])
        if lines[number].rstrip() == indent + b"}":
            return number if inner.count(b";") == 1 and inner.rstrip().endswith(b";") else start
        if b"{" in lines[number]:
            return start
    return start


def _end_of_first(line: bytes) -> int:
    """Where the first of two statements on a line ends; 0 where there is one, or only the compiler could tell."""
    found = _GLUED.search(line)
    if found is None or re.search(rb"[\"'/#]|\bfor\b", line) or not line.rstrip().endswith(b";"):
        return 0
    first = line[: found.end()]
    return found.end() if first.count(b"(") <= first.count(b")") else 0


def _indentation(lines: Sequence[bytes]) -> bytes:
    """The white space ahead of the statement that ends the lines."""
    still_open = 0
    for line in reversed(lines):
        still_open += line.count(b")") - line.count(b"(")
        if still_open <= 0:
            return line[: len(line) - len(line.lstrip())]
    return b""


def _blanks_as_before(old: Sequence[bytes], new: Sequence[bytes]) -> list[bytes]:
    """The new lines, those of white space alone as they were: spatch indents those behind a change in the head of a function,
    and where they stand for directives, a change would seem to reach into what is not compiled."""
    result: list[bytes] = []
    for tag, start, end, first, last in opcodes(old, new):
        lines = list(new[first:last])
        blank = [line for line in old[start:end] if not line.strip()]
        places = [number for number, line in enumerate(lines) if not line.strip()]
        if tag == "replace" and len(blank) == len(places):
            for number, line in zip(places, blank, strict=True):
                lines[number] = line
        result += lines
    return result


def _as_before(old: Sequence[bytes], new: Sequence[bytes]) -> list[bytes] | None:
    """Lines that replace others, broken and indented as those were wherever the words are the same, with the comments that stood
    there; None where little is the same, or a line would grow longer than both."""
    if any(line.lstrip().startswith(b"#") or line.rstrip().endswith(b"\\") for line in (*old, *new)):
        return None  # a line is more than white space there
    before, after = (_tokens(b"\n".join(lines)) for lines in (old, new))
    codes = SequenceMatcher(
        None, [word for _, word in before], [word for _, word in after], autojunk=False
    ).get_opcodes()
    same = sum(last - first for tag, first, last, _, _ in codes if tag == "equal")
    if same < _ALIKE * len(after) or b"".join(word for _, word in after).count(b";") != b"\n".join(old).count(b";"):
        return None
    parts: list[bytes] = []
    for tag, first, last, start, end in codes:
        if tag == "equal":
            space = _space(before[first][0], after[start][0], moved=bool(parts)) if parts else before[0][0]
            parts.append(space + before[first][1])
            parts += [space + word for space, word in before[first + 1 : last]]
            continue
        breaks = before[first][0] if first < len(before) else b""
        for place, (space, word) in enumerate(after[start:end]):
            kept = place == 0 and (tag == "replace" or not parts or (b"\n" in space and b"\n" in breaks))
            if place == 0 and parts and not breaks and space == b" " and _WORD.match(word) and parts[-1].endswith(b")"):
                kept = True  # spatch puts a blank behind a cast
            if tag == "replace" and before[first][1] == b"," != word:
                kept = False  # an operator has its own blanks: `f(A, b)` becomes `f(A | b)`
            parts.append((breaks if kept else _space(b" ", space, moved=False) if b"\n" in space else space) + word)
        parts += [space + word for space, word in before[first:last] if word.startswith(b"/*")]
    whole = _COMMA_BEHIND_BLANKS.sub(b",", b"".join(parts))
    if b", " in whole and not re.search(rb"[\"']|/[*/]", whole):
        whole = _BARE_COMMA.sub(b", ", whole)  # what was changed around it has blanks
    lines = whole.split(b"\n")
    fits = all(_width(line) <= _MOST_COLUMNS or line in old or line in new for line in lines)
    return lines if fits and _words(_tokens(whole)) == _words(after) else None


def _unnamed_as_before(old: Sequence[bytes], new: Sequence[bytes]) -> list[bytes]:
    """The new lines, the parameters of a declaration without names where it had none; a statement is indented."""
    was, now = (_DECLARED.fullmatch(b" ".join(line.strip() for line in lines)) for lines in (old, new))
    if was is None or now is None or old[0][:1].isspace():
        return list(new)
    before, after = (split_parameters(one[2].decode("utf-8", "replace")) for one in (was, now))
    if any(map(name_of, before)) or not before or not any(map(name_of, after)):
        return list(new)
    kinds = ", ".join(map(without_name, after))
    return _wrapped(now[1] + kinds.encode() + b");")


def _casts_as_before(old: Sequence[bytes], new: Sequence[bytes]) -> list[bytes]:
    """The new lines, a cast right before what it casts where it stood so: spatch puts a blank in between."""
    glued = {found[1] for line in old for found in _CAST.finditer(line) if not found[2]}
    return [_CAST.sub(lambda found: found[1] if found[1] in glued else found[0], line) for line in new]


def _words(tokens: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    """The words and signs alone."""
    return [word for _, word in tokens if not word.startswith((b"/*", b"//"))]


def _space(old: bytes, new: bytes, *, moved: bool) -> bytes:
    """The white space before a word that stayed: line breaks as they were, blanks as they are where what is before it changed."""
    if b"\n" in new:
        return old
    return new if moved and not (b"\n" in old and new) else old


def _commas_behind(lines: Sequence[bytes]) -> list[bytes]:
    """New lines, a comma that begins one of them at the end of the line above."""
    result: list[bytes] = []
    for line in lines:
        found = _COMMA.match(line)
        if found is None or not result or result[-1].rstrip().endswith((b"*/", b"\\", b",")) or b"//" in result[-1]:
            result.append(line)
            continue
        ending = b"\r" if result[-1].endswith(b"\r") else b""
        result[-1] = result[-1].rstrip() + b"," + ending
        if found.group(2).strip():
            result.append(found.group(1) + found.group(2))
    return result


def _open_bracket(line: bytes) -> int:
    """The column behind the bracket that the first line of a head leaves open, 0 for none."""
    if not re.match(rb"[A-Za-z_]", line) or line.count(b"(") != line.count(b")") + 1:
        return 0
    return _width(line[: line.index(b"(") + 1])


def _under_the_bracket(lines: Sequence[bytes], was: int, now: int) -> list[bytes]:
    """The lines that follow a head's first one: those that stood under its bracket stand there again, if they all fit, where need
    be with fewer parameters to a line."""
    count = 0
    while was and now and was != now and count < len(lines) and _indent(lines[count]) == was:
        count += 1
        if b")" in lines[count - 1]:
            break
    blank = b"\t" * (now // _TAB) + b" " * (now % _TAB)
    shifted = [blank + part for line in lines[:count] for part in _fitting(line.strip(b" \t"), _MOST_COLUMNS - now)]
    fits = all(_width(line) <= _MOST_COLUMNS for line in shifted)
    return [*(shifted if fits else lines[:count]), *lines[count:]]


def _behind_tabs(lines: Sequence[bytes]) -> list[bytes]:
    """The lines of a head, those under its bracket where that is: spatch takes each tab for eight columns, wherever it stands."""
    if not lines or (now := _open_bracket(lines[0])) == 0:
        return list(lines)
    was = len(lines[0][: lines[0].index(b"(") + 1].replace(b"\t", b" " * _TAB))
    return [lines[0], *_under_the_bracket(lines[1:], was, now)]


def _fitting(line: bytes, columns: int) -> Iterator[bytes]:
    """A line of parameters, or several behind whose commas it is broken so that each has no more columns, if that can be."""
    if len(line) > columns and not re.search(rb"[(/\"]", line):
        while len(line) > columns and (place := line.rfind(b", ", 0, columns)) > 0:
            yield line[: place + 1]
            line = line[place + 2 :]
    yield line


def _joined(old: Sequence[bytes], new: Sequence[bytes]) -> list[bytes]:
    """The lines of a statement that is shorter by now, in one where it was broken for its length alone and fits there."""
    was, now = (b" ".join([lines[0].rstrip(), *(line.strip() for line in lines[1:])]) for lines in (old, new))
    broken = len(new) > 1 and now.count(b"(") == now.count(b")") and now.count(b";") == 1 and now.endswith(b";")
    plain = not re.search(rb"[#\\\"'{}]|/[*/]|\( ", now) and _width(was) > _MOST_COLUMNS
    fits = _width(now) <= _MOST_COLUMNS and len(_tokens(now)) < len(_tokens(was))
    return [now] if broken and plain and fits else list(new)


def _nested(lines: Sequence[bytes]) -> list[bytes]:
    """The lines of a statement of calls within calls, each on a line of its own where one is too wide for everybody."""
    whole = b" ".join([lines[0].rstrip(), *(line.strip() for line in lines[1:])])
    if max(map(_width, lines)) <= _TOO_WIDE or whole.count(b";") != 1 or re.search(rb"[#\\\"'{}]|/[*/]", whole):
        return list(lines)
    parts = _NESTS.sub(rb"\1\n", whole).split(b"\n")
    *front, last = parts
    place = re.match(rb"(\w+\([\w>.&*-]+,) (.*)", last)
    parts = [*front, *place.groups()] if front and place is not None else parts
    blank = whole[: len(whole) - len(whole.lstrip())]
    broken = [parts[0], *(blank + b"\t" * number + part for number, part in enumerate(parts[1:], 1))]
    return broken if max(map(_width, broken)) < max(map(_width, lines)) else list(lines)


def _wrapped(line: bytes) -> list[bytes]:
    """A line of a call that grew too wide for most people, broken behind commas, each part right of the bracket that is open
    there; as it is where that cannot be."""
    parts = [line]
    while _width(parts[-1]) > _MOST_COLUMNS and not re.search(rb"[#\\\"'{}]|/[*/]", line):
        whole = parts.pop()
        behind = _indent(whole) if parts else 0
        places = [
            found.end() for found in _BREAKS.finditer(whole) if _width(whole[: found.start() + 1]) <= _MOST_COLUMNS
        ]
        place = next((one for one in reversed(places) if _bracket_column(whole[:one]) or behind), 0)
        column = _bracket_column(whole[:place]) or behind
        rest = b"\t" * (column // _TAB) + b" " * (column % _TAB) + whole[place:]
        if not place or _width(rest) >= _width(whole):
            return [line]
        parts += [whole[:place].rstrip(), rest]
    return parts


def _bracket_column(text: bytes) -> int:
    """The column behind the innermost bracket that a text leaves open, 0 for none."""
    still_open: list[int] = []
    for number, sign in enumerate(text):
        if sign in b"(":
            still_open.append(number + 1)
        elif sign in b")" and still_open:
            still_open.pop()
    return _width(text[: still_open[-1]]) if still_open else 0


def _indent(line: bytes) -> int:
    return _width(line[: len(line) - len(line.lstrip())])


def _lost_comments(old: Sequence[bytes], new: Sequence[bytes]) -> list[bytes]:
    """The comments on lines of their own that stood between what was replaced."""
    there = b"\n".join(new)
    found = _COMMENT.finditer(b"\n".join(old))
    return [line for one in found if one.group(1) not in there for line in one.group().split(b"\n")]


def _tokens(text: bytes) -> list[tuple[bytes, bytes]]:
    """The words and signs of a text, each with the white space before it; a comment is one."""
    return [(found.group(1), found.group(2)) for found in _TOKEN.finditer(text)]


def _tidy(line: bytes, *, crlf: bool) -> bytes:
    bare = re.sub(rb"[ \t\r]+$", b"", line)
    return bare + (b"\r" if crlf and bare else b"")


def _aligned(was: bytes, now: bytes) -> bytes:
    """A table entry whose `=` stands where it stood, if its longer name leaves room for that."""
    old, new = _ENTRY.match(was), _ENTRY.match(now)
    if old is None or new is None or old.group(1) == new.group(1) or b"\t" not in old.group(2):
        return now
    wanted, column = _width(old.group(1) + old.group(2)), _width(new.group(1))
    tabs = max(1, -(-(wanted - column) // _TAB))
    return new.group(1) + b"\t" * tabs + new.group(3)


def _table_around(lines: Sequence[bytes], start: int, end: int) -> Sequence[bytes]:
    """The lines of a table some of which change; those of the whole file for a table that is new."""
    while start and b"{" not in lines[start - 1] and lines[start - 1].strip():
        start -= 1
    while end < len(lines) and b"}" not in lines[end] and lines[end].strip():
        end += 1
    return lines[start:end] if any(map(_ENTRY.match, lines[start:end])) else lines


def _entry_column(lines: Sequence[bytes]) -> int:
    """Where most entries of a table have their `=`, 0 where tabs do not put it there."""
    entries = [found for line in lines if (found := _ENTRY.match(line)) is not None]
    columns = Counter(_width(one.group(1) + one.group(2)) for one in entries if b"\t" in one.group(2))
    if 2 * columns.total() <= len(entries):
        return 0
    return max(columns, key=lambda column: (columns[column], column), default=0)


def _in_column(line: bytes, column: int) -> bytes:
    """An entry of a table that is new, its `=` where the file has it."""
    found = _ENTRY.match(line)
    if found is None or not column or b"\t" in found.group(2):
        return line
    tabs = max(1, -(-(column - _width(found.group(1))) // _TAB))
    return found.group(1) + b"\t" * tabs + found.group(3)


def _width(text: bytes) -> int:
    return len(text.expandtabs(_TAB))


def _wants_blank(above: Sequence[bytes], lines: Sequence[bytes], below: Sequence[bytes]) -> bool:
    """Whether the lines that end those above are declarations, put between the brace that opens a body and a statement."""
    return _declarations(above[: -len(lines)], [*lines, *below]) == len(lines)


def _declarations(above: Sequence[bytes], lines: Sequence[bytes]) -> int:
    """How many declarations some lines begin a body with, if a statement is right below them; else 0."""
    if not above or above[-1].strip() != b"{":
        return 0
    count = next((number for number, line in enumerate(lines) if not _declares(line)), len(lines))
    return count if count < len(lines) and lines[count].strip() else 0


def _declares(line: bytes) -> bool:
    return bool(_DECLARATION.match(line)) and not _STATEMENT_WORDS.match(line)
