"""A test of C that holds or not -> what it says of its operands, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

LVALUE = r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*"
#: The name of a function that answers a question.
_ASKS = re.compile(
    r"(?:^|_)(?:is|has|test|can|need|may|was|are|in|on)_|^s_is|shut|valid|empty|lock|dirty|busy|match|equal|eq$"
)
#: The name of a function that does something, and may fail at it.
_DOES = re.compile(
    r"(?:^|_)(?:create|register|init|setup|prepare|launder|flush|insert|reserve|read|write|load|start|begin|copy)(?:_|$)"
)
#: What asks for a state of a page or a buffer, which then is a word of English; what it is asked of.
_STATE = re.compile(
    r"(?:(?:\w*buffer_|folio_test_)(uptodate|dirty|locked|mapped)|Page(Uptodate|Dirty|Locked))\s*\((\w+)\)"
)
#: What compares two things, and gives 0 where they are equal; the things.
_COMPARES = re.compile(rf"(?:mem|str)\w*cmp\s*\(\s*({LVALUE})\s*,\s*({LVALUE}|\"[^\"]*\")\s*(?:,[^,()]*)?\)")
#: Macros whose value is that of their argument.
SAME = r"(?:(?:un)?likely|WARN_ON(?:_ONCE)?)"
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def said_of(text: str, above: str, *, taken: bool) -> str:
    """A C condition that holds or not -> what it says of its operands."""
    while found := re.fullmatch(rf"{SAME}\s*\((.*)\)|\(([^()]*)\)", text):
        text = (found[1] or found[2] or "").strip()
    if (found := re.fullmatch(r"!\s*\((.*)\)", text)) and _is_whole(found[1]):
        return said_of(found[1].strip(), above, taken=not taken)
    if found := re.fullmatch(r"\(([^()]+ & [^()]+)\) ([!=])= 0", text):
        return said_of(found[1], above, taken=(found[2] == "!") == taken)
    found = re.fullmatch(r"([a-z_]\w*)\s*\((.*)\) ([!=])= (?!NULL|true|false)([A-Za-z_]\w*|\d+)", text)
    if found and _is_whole(found[2]):
        return f"{found[1]}() {'returns' if (found[3] == '=') == taken else 'does not return'} {found[4]}"
    if found := re.fullmatch(r"!\s*([^!=<>&|?]+)", text.replace("->", "\0")):
        return said_of(found[1].strip().replace("\0", "->"), above, taken=not taken)
    waits = re.fullmatch(r"(\w*_(?:(killable)|interruptible))\s*\(.*\)(?: < 0| != 0)?", text)
    waits = waits or re.fullmatch(r"(\w+)\s*\(.*\bTASK_(?:(KILLABLE)|INTERRUPTIBLE)\b.*\)", text)
    if waits:
        return f"{waits[1]}() is {'' if taken else 'not '}interrupted by a {'fatal ' if waits[2] else ''}signal"
    if found := re.fullmatch(r"\w+->sync_mode ([!=])= (WB_SYNC_\w+)", text):
        synced = ((found[1] == "=") == taken) == (found[2] == "WB_SYNC_ALL")
        return f"it is {'' if synced else 'not '}called for a sync"
    if found := _STATE.fullmatch(text):
        return f"{found[3]} is {'' if taken else 'not '}{(found[1] or found[2]).lower()}"
    if found := re.fullmatch(r"(\w*trylock\w*)\s*\(.*\)", text):
        return f"{found[1]}() {'succeeds' if taken else 'fails'}"
    if found := re.fullmatch(rf"({LVALUE}) & ([A-Z][A-Z0-9_]+)", text):
        return f"{found[2]} is {'' if taken else 'not '}set in {found[1]}"
    if found := re.fullmatch(r"\w+\s*\([^()]*\)->(\w+)", text):
        return f"{found[1]} is {'' if taken else 'not '}set"
    if found := re.fullmatch(rf"IS_ERR\s*\(\s*({LVALUE})\s*\)", text):
        return f"{found[1]} is {'an' if taken else 'no'} error pointer"
    if found := re.fullmatch(rf"({LVALUE}) ([!=])= (NULL|0|false|true)", text):
        return f"{found[1]} is {'' if (found[2] == '=') == taken else 'not '}{found[3]}"
    if re.fullmatch(LVALUE, text):
        return f"{text} is {'not ' if taken else ''}{'NULL' if is_pointer(text, above) else '0'}"
    if found := re.fullmatch(r"([^!=<>&|?]+) ([!=<>]=|[<>]) ([^!=<>&|?]+)", text.replace("->", "\0")):
        operator = found[2] if taken else _OPPOSITE[found[2]]
        return f"{found[1]} {operator} {found[3]}".replace("\0", "->")
    if (found := re.fullmatch(r"[A-Z][A-Z0-9_]*\s*\([^()]*\)", text)) and not _ASKS.search(text.lower()):
        return f"{text} is {'' if taken else 'not '}set"  # a macro that leads from one structure to another
    if found := _COMPARES.fullmatch(text):
        return f"{found[1]} {'differs from' if taken else 'equals'} {found[2]}"
    if (found := re.fullmatch(r"([a-z_]\w*)\s*\(.*\)", text)) and taken and not _ASKS.search(found[1]):
        return f"{found[1]}() returns non-zero"
    return f"{text} is {'true' if taken else 'false'}"


def _is_whole(inside: str) -> bool:
    """Whether what stands between two brackets closes no bracket that it has not opened."""
    depth = 0
    for sign in re.findall(r"[()]", inside):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            return False
    return depth == 0


def tried(name: str) -> bool:
    """Whether a function is called for what it does, so that a value other than 0 tells that it has failed."""
    return _DOES.search(name) is not None and not _ASKS.search(name)


def together(said: Sequence[str]) -> str:
    """What is said of several tests that all have to be as they are -> one phrase, each predicate once."""
    pairs = [re.fullmatch(r"(.+) is (true|false)", one) for one in said]
    found = [one for one in pairs if one is not None]
    if len(found) == len(said) > 1 and len({one[2] for one in found}) == 1:
        return f"{', '.join(one[1] for one in found[:-1])} and {found[-1][1]} are {found[-1][2]}"
    words = " and ".join(said)
    return re.sub(
        r"(?<![\w>.])(\S+) is not NULL and \1 is no error pointer", r"\1 is neither NULL nor an error pointer", words
    )


def is_pointer(name: str, above: str) -> bool:
    """Whether the function declares this name as a pointer."""
    kind = r"(?:struct\s+\w+|void|char|\w+_t)"
    return re.search(rf"\b{kind}\s+(?:\w+\s+)?\*+\s*{re.escape(name)}\s*[=;,)]", above) is not None
