"""C as kernels write it -> C that tree-sitter can read, every byte and line in its place.

`with_plain_arguments` costs little and goes before every parse: types, operators and ranges where C wants an expression.
`repaired` is for a function that did not parse: words that only a macro explains, read by the shape of what stands around
them, so that no list of names is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cocci_gen.code.texts.remarks import BLANKS

_KEY_WORDS = rb"const|volatile|unsigned|signed|long|int|short|char|float|double|void"
#: A type where C has an expression: `container_of(p, struct foo, x)`, `kzalloc_obj(struct foo)`, `min_t(unsigned int, a, b)`.
_TYPE_ARGUMENT = re.compile(
    rb"[(,](\s*+)(?=(?:" + _KEY_WORDS + rb"|struct|union|enum)\b)"
    rb"((?:const\s++(?!(?:" + _KEY_WORDS + rb"|struct|union|enum)\b)\w++"
    rb"|(?:(?:" + _KEY_WORDS + rb")\b\s*+)*+(?:(?:struct|union|enum)\s++\w++)?)\s*+\**)(?=\s*[,)])"
)
#: The same with a plain name: `u8 *` before a comma or a bracket.
_STARS = re.compile(rb"\*(?=\s*[,)])")
_NAMED_POINTER = re.compile(rb"[(,]\s*(\w+\s*\*+)\Z")
#: What stands before the bracket of something else than the arguments of a call.
_NOT_CALLED = frozenset(
    {b"sizeof", b"typeof", b"__typeof__", b"__typeof", b"typeof_unqual", b"return", b"case", b"_Alignof", b"alignof", b"offsetof",
     b"__alignof__", b"__alignof", b"if", b"while", b"for", b"switch", b"else", b"do", b"__builtin_offsetof"}
)  # fmt: skip
_WORD_BEFORE = re.compile(rb"\w+\Z")
_KEY_WORD = re.compile(rb"\b(?:" + _KEY_WORDS + rb"|struct|union|enum)\b|\*")
#: `offsetof(struct foo, a.b[c])`: the grammar knows one member.
_OFFSET = re.compile(rb"\boffsetof\(((?:[^(),]|\([^()]*\))*),(\s*)(\w+)(\s*[.\[])")
_TYPE_OF_ARGUMENT = re.compile(rb"(?:(?<=\w)\(|,)(\s*)((?:__)?typeof(?:__)?\s?\((?:[^()]|\([^()]*\))*\))(?=\s*[,)])")
#: `case 5 ... 16:`
_RANGE = re.compile(rb"case\b(?<!\wcase)([ \t]*)([^:;{}?\n]*?\.\.\.[^:;{}\n]*?)(?=[ \t]*:)")
#: `ASSERTCMP(a, >=, b)`
_OPERATOR_ARGUMENT = re.compile(rb",([ \t]*)(==|!=|<=|>=|<|>|&&?|\|\|?)([ \t]*)(?=,)")
_ALIGNMENT = re.compile(rb"\b(?:__alignof__|__alignof|_Alignof)\b(?=[ \t]*\()")
_AUTO = re.compile(rb"\bauto(?=[ \t]+\w+[ \t]*=)")


def _blank(text: bytes) -> bytes:
    """White space as long as the text, with its line ends kept."""
    return text.translate(BLANKS)


def _as_name(text: bytes) -> bytes:
    """An identifier as long as the text (up to its first line end; what follows is blank)."""
    head, newline, rest = text.rstrip().partition(b"\n")
    tail = text[len(text.rstrip()) :]
    name = b"T" + b"_" * (len(head) - 1)
    return name + newline + _blank(rest) + tail


def _not_called(text: bytes, opening: int) -> bool:
    """Whether the bracket at `opening` holds something else than the arguments of a call."""
    before = _WORD_BEFORE.search(text, max(0, opening - 40), opening)
    return before is None or before.group() in _NOT_CALLED


def _plain_type(match: re.Match[bytes]) -> bytes:
    whole, space, words = match.group(0), match.group(1), match.group(2)
    names = _KEY_WORD.sub(lambda word: _blank(word.group()), words)
    if (not names.strip() and b" " not in words.strip() and b"*" not in words) or (
        whole[:1] == b"(" and _not_called(match.string, match.start())
    ):
        return whole  # one key word alone (`void`, `int`) is read as it is
    return whole[:1] + space + (names if names.strip() else _as_name(words))


def _plain_pointers(text: bytes) -> bytes:
    """`kmalloc_objs(u8 *, n)`: no expression ends with a star."""
    changed = bytearray(text)
    for match in _STARS.finditer(text):
        found = _NAMED_POINTER.search(text, max(0, match.start() - 60), match.end())
        if found and not (text[found.start()] == 0x28 and _not_called(text, found.start())):
            changed[found.start(1) : found.end(1)] = re.sub(rb"\*", b" ", found.group(1))
    return bytes(changed)


def _plain_offset(text: bytes) -> bytes:
    """Member paths of offsetof() cut to their first member."""
    changed = bytearray(text)
    for match in _OFFSET.finditer(text):
        start, end = match.start(4), closing(text, match.start() + len(b"offsetof"))
        if end > start:
            changed[start:end] = _blank(text[start:end])
    return bytes(changed)


def closing(text: bytes, opening: int) -> int:
    """The position of the bracket that closes the one at `opening`; -1 when there is none.  Strings are skipped."""
    depth = 0
    for match in _BRACKETS.finditer(text, opening):
        sign = match.group()
        depth += (sign in b"([{") - (sign in b")]}") if len(sign) == 1 else 0
        if depth == 0:
            return match.start()
    return -1


_BRACKETS = re.compile(rb'[()\[\]{}]|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'|/\*.*?\*/|//[^\n]*', re.S)


#: `SYSCALL_DEFINE2(dig, int, fd, unsigned int, depth)` and its COMPAT_ brother: types and names by turns (linux/syscalls.h).
_SYSTEM_CALL = re.compile(rb"(?m)^(?:COMPAT_)?SYSCALL_DEFINE[0-9]\(\s*(\w+)\s*(,[^(){};]*)?\)(?=\s*\{)")


def with_plain_heads(text: bytes) -> bytes:
    """The text with the heads of system calls as those of the functions that they are, all but the first name in its place."""
    return _SYSTEM_CALL.sub(_plain_system_call, text) if b"SYSCALL_DEFINE" in text else text


def _plain_system_call(match: re.Match[bytes]) -> bytes:
    """`static long dig(int fd, unsigned int depth)`: no other file sees it by its name."""
    whole, name, rest = match.group(0), match.group(1), (match.group(2) or b"")[1:]
    commas = [found.start() for found in re.finditer(rb",", rest)]
    types = bytearray(rest)
    for at in commas[::2]:
        types[at : at + 1] = b" "
    start = b"static long " + name + b"("
    ahead = match.start(2) + 1 - match.start() if match.group(2) else len(whole) - 1
    lines = whole[:ahead].count(b"\n")
    if lines or len(start) > ahead:
        return whole
    return start + b" " * (ahead - len(start)) + bytes(types) + b")"


def with_plain_arguments(text: bytes) -> bytes:
    """The text with names where types, operators and ranges stood among arguments and labels."""
    text = _plain_pointers(_TYPE_ARGUMENT.sub(_plain_type, text))
    if b"typeof" in text:
        text = _TYPE_OF_ARGUMENT.sub(lambda m: m.group(0)[:1] + m.group(1) + _as_name(m.group(2)), text)
    if b"offsetof(" in text:
        text = _plain_offset(text)
    if b"..." in text:
        text = _RANGE.sub(lambda m: b"case" + m.group(1) + b"_" + re.sub(rb"\W", b"_", m.group(2)[1:]), text)
    text = _OPERATOR_ARGUMENT.sub(lambda m: b"," + m.group(1) + b"_" * len(m.group(2)) + m.group(3), text)
    if b"lignof" in text:
        text = _ALIGNMENT.sub(lambda m: b"sizeof".ljust(len(m.group())), text)
    if b"auto " in text:
        text = _AUTO.sub(b"long", text)
    return text


# What is tried only when a function did not parse.

_ARGUMENTS = rb"\((?:[^()]++|\((?:[^()]++|\((?:[^()]++|\((?:[^()]++|\([^()]*+\))*+\))*+\))*+\))*+\)"
#: A call where a statement begins, and what comes next where a `;` should be.
_OPEN_CALL = re.compile(
    rb"(?:(?<=[;{}:])|(?<=\belse)|(?<=\bdo)|(?<=\*/))(\s*?)(^[ \t]+|[ \t]+)(\w+)[ \t]*("
    + _ARGUMENTS
    + rb")(\s*+)(?=[A-Za-z_{}*])",
    re.M,
)
_STATEMENT_WORDS = frozenset(
    b"if while for switch return sizeof case do else goto typeof __attribute__ asm __asm__".split()
)
#: `D1(if (x) ...)`, `IFDEBUG(char buf[N];)`: a statement or a declaration as argument.
_STATEMENT_ARGUMENT = re.compile(
    rb"(?<=[;{}])(\s*)(\w+)\((?=\s*(?:(?:if|for|while|do|switch|return|goto|\w+for_each\w*|list_for_each\w*)\b"
    rb"|(?:(?:const|unsigned|struct|enum)\s+\w+|char|int|long|u\d+)\s+\**\w+\s*[;=\[)]))"
)
_LAST_SEMICOLON = re.compile(rb";(?=\s*\)\s*;)")
_STATIC_MACRO = re.compile(rb"(?<=[;{}])(\s+)static(?=[ \t]+[A-Z_]+\w*[ \t]*\()")
_SET_MACRO = re.compile(rb"(?<=[;{}])(\s+[A-Z_]+ ?\([^()]*\))([ \t]*=[ \t]*\{[^{}]*\})(?=;)")
_TYPE_OF_DECLARED = re.compile(
    rb"(?<=[;{}])(\s+)((?:__)?typeof(?:_member|__)?\s?\((?:[^()]|\([^()]*\))*\))(?=\s*\**\s*\w+\s*[;=,])"
)
_WORDS_AND_STRING = re.compile(rb'\b([A-Z_][A-Z0-9_]*\s+)(?=[A-Z_][A-Z0-9_]*\s+")')
_CALL_IN_STRING = re.compile(rb'(?<=")\s*\w+\([^()\n"]*\)(?=\s*")')
_SECTION = re.compile(rb"\b__\w+(?=[ \t]*[=;])")
_DO_EACH = re.compile(rb"\bdo_each_\w+[ \t]*\([^()]*(?:\([^()]*\)[^()]*)*\)(?=\s*\{)")
_WHILE_EACH = re.compile(rb"(?<=\})(\s*)while_each_\w+(?=[ \t]*\()")
_HEAD_WORDS = frozenset(
    b"static extern inline __inline __inline__ const volatile unsigned signed long int short char void float double bool _Bool "
    b"size_t".split()
)  # fmt: skip


def _head(text: bytes) -> bytes:
    """A function head without the words that are neither storage class nor type: of several plain names before the name of the
    function only the last can be its type.  Attributes behind the parameters go too."""
    opening = text.find(b"(")
    end = closing(text, opening) if opening > 0 else -1
    brace = text.find(b"{", end) if end > 0 else -1
    if brace < 0:
        return text
    changed = bytearray(text)
    words = list(re.finditer(rb"\w+|\*", text[:opening]))[:-1]
    known = [w for w in words if w.group() in _HEAD_WORDS or w.group() == b"*"]
    tagged = [words[i + 1] for i, w in enumerate(words[:-1]) if w.group() in (b"struct", b"union", b"enum")]
    plain = [w for w in words if w not in known and w not in tagged and w.group() not in (b"struct", b"union", b"enum")]
    typed = bool(tagged) or any(w.group() not in (b"static", b"extern", b"inline", b"const", b"*") for w in known)
    for word in plain if typed else plain[:-1]:
        changed[word.start() : word.end()] = b" " * len(word.group())
    behind = text[end + 1 : brace]
    if behind.strip() and b";" not in behind:
        changed[end + 1 : brace] = _blank(behind)
    return bytes(changed)


def _open_call(match: re.Match[bytes]) -> bytes:
    """A call without `;`: before a block, or before a line that is indented deeper, it is the head of a block; else the `;` is
    put into the white space behind it."""
    name, between = match.group(3), match.group(5)
    whole = match.group(0)
    if name in _STATEMENT_WORDS:
        return whole
    following = match.string[match.end() : match.end() + 1]
    own = len(match.group(2).rsplit(b"\n", 1)[-1].expandtabs(8))
    deeper = b"\n" in between and len(between.rsplit(b"\n", 1)[-1].expandtabs(8)) > own
    if following == b"{" or (deeper and following != b"}"):
        if len(name) < len(b"while"):
            return whole
        at = match.start(3) - match.start()
        return whole[:at] + b"while".ljust(len(name)) + whole[at + len(name) :]
    place = between.find(b"\n") + 1 if between.find(b"\n") >= 0 else 0
    if place < len(between) and between[place : place + 1] in (b" ", b"\t"):
        at = match.start(5) - match.start() + place
        return whole[:at] + b";" + whole[at + 1 :]
    return whole


def _without_wrapper(text: bytes) -> bytes:
    """`D1(if (x) y();)` as `   if (x) y(); `: the name and its brackets go."""
    while match := _STATEMENT_ARGUMENT.search(text):
        opening = match.end() - 1
        end = closing(text, opening)
        if match.group(2) in _STATEMENT_WORDS or end < 0:
            return text
        start = match.start(2)
        text = text[:start] + b" " * (opening + 1 - start) + text[opening + 1 : end] + b" " + text[end + 1 :]
    return text


def _joined_arguments(text: bytes) -> bytes:
    """`ASSERT(x, dump(y););`: statements among the arguments of a call become expressions."""
    changed = bytearray(text)
    for match in _LAST_SEMICOLON.finditer(text):
        depth, at = 1, match.start() - 1
        while at >= 0 and depth:
            depth += (text[at] == 0x29) - (text[at] == 0x28)
            at -= 1
        if text[: at + 1].rstrip().endswith(b"for"):
            continue
        for position in range(at + 1, match.start()):
            if text[position] == 0x3B:
                changed[position] = 0x2C
        changed[match.start()] = 0x20
    return bytes(changed)


_REPAIRS: tuple[Callable[[bytes], bytes], ...] = (
    _head,
    lambda text: _DO_EACH.sub(lambda m: b"do" + _blank(m.group()[2:]), text),
    lambda text: _WHILE_EACH.sub(lambda m: m.group(1) + b"while" + b" " * (len(m.group()) - len(m.group(1)) - 5), text),
    _without_wrapper,
    _joined_arguments,
    lambda text: _STATIC_MACRO.sub(lambda m: m.group(1) + b" " * 6, text),
    lambda text: _SET_MACRO.sub(lambda m: m.group(1) + _blank(m.group(2)), text),
    lambda text: _TYPE_OF_DECLARED.sub(lambda m: m.group(1) + b"long" + _blank(m.group(2)[4:]), text),
    lambda text: _WORDS_AND_STRING.sub(lambda m: _blank(m.group()), text),
    lambda text: _CALL_IN_STRING.sub(lambda m: _blank(m.group()), text),
    lambda text: _SECTION.sub(lambda m: _blank(m.group()), text),
    lambda text: _OPEN_CALL.sub(_open_call, text),
)


def repaired(text: bytes) -> bytes:
    """The text of one function (attributes blanked, directives gone) with the shapes read that only macros explain."""
    for repair in _REPAIRS:
        text = repair(text)
    return text
