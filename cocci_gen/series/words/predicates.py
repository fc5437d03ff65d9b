"""A test of C that holds or not -> what it says of its operands, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

LVALUE = r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*"
#: The name of a function that answers a question.
_ASKS = re.compile(
    r"(?:^|_)(?:is|has|test|can|need|may|was|are|in|on)_|^s_is|shut|valid|empty|lock|dirty|busy|match|equal|eq$|ed$"
)
#: The name of a function that does something, and may fail at it.
_DOES = re.compile(
    r"(?:^|_)(?:create|register|init|setup|prepare|launder|flush|insert|reserve|read|write|load|start|begin|copy)(?:_|$)"
)
#: Macros whose value is that of their argument.
SAME = r"(?:(?:un)?likely|WARN_ON(?:_ONCE)?)"
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

#: The arguments of a call, with calls among them.
_GIVEN = r"(?:[^()]|\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\))*"
_CALL = rf"([a-z_]\w*)\s*\({_GIVEN}\)"
_CODE = r"(?!NULL|true|false)([A-Za-z_]\w*|\d+)"
#: A constant that is worked out: `BOX_STATE >> 30`.
_SUM = r"[A-Z]\w*(?: (?:<<|>>|[-+|]) \w+)+"
_NONE = "(NULL|0|false|true)"
_OTHER_SYNC = r"(?!WB_SYNC_ALL$)WB_SYNC_\w+"
#: A side of a comparison: no other operator of a condition stands in it, but the arrow of a member may.
_SIDE = r"(?:->|[^!=<>&|?])+?"
_COMPARISON = re.compile(rf"({_SIDE}) ([!=<>]=|[<>]) (&?{_SIDE})")

#: The forms of a test, first come first served; what is said where it holds, and where it does not.
_SAYINGS = tuple(
    (re.compile(form), holds, fails)
    for form, holds, fails in (
        (rf"{_CALL} == {_CODE}", r"\1() returns \2", r"\1() does not return \2"),
        (rf"{_CALL} != {_CODE}", r"\1() does not return \2", r"\1() returns \2"),
        (rf"{_CALL} == \(({_SUM})\)", r"\1() returns \2", r"\1() does not return \2"),
        (rf"{_CALL} != \(({_SUM})\)", r"\1() does not return \2", r"\1() returns \2"),
        *(
            (form, rf"\1() is interrupted by a {signal}", rf"\1() is not interrupted by a {signal}")
            for form, signal in (
                (r"(\w*_killable)\s*\(.*\)(?: < 0| != 0)?", "fatal signal"),
                (r"(\w*_interruptible)\s*\(.*\)(?: < 0| != 0)?", "signal"),
                (r"(\w+)\s*\(.*\bTASK_KILLABLE\b.*\)", "fatal signal"),
                (r"(\w+)\s*\(.*\bTASK_INTERRUPTIBLE\b.*\)", "signal"),
            )
        ),
        (
            rf"\w+->sync_mode (?:== WB_SYNC_ALL|!= {_OTHER_SYNC})",
            "it is called for a sync",
            "it is not called for a sync",
        ),
        (
            rf"\w+->sync_mode (?:!= WB_SYNC_ALL|== {_OTHER_SYNC})",
            "it is not called for a sync",
            "it is called for a sync",
        ),
        # What asks for a state of a page or a buffer, which then is a word of English.
        (r"(?:\w*buffer_|folio_test_)(uptodate|dirty|locked|mapped)\s*\((\w+)\)", r"\2 is \1", r"\2 is not \1"),
        (r"PageUptodate\s*\((\w+)\)", r"\1 is uptodate", r"\1 is not uptodate"),
        (r"PageDirty\s*\((\w+)\)", r"\1 is dirty", r"\1 is not dirty"),
        (r"PageLocked\s*\((\w+)\)", r"\1 is locked", r"\1 is not locked"),
        (r"(\w*trylock\w*)\s*\(.*\)", r"\1() succeeds", r"\1() fails"),
        (rf"({LVALUE}) & ([A-Z][A-Z0-9_]+)", r"\2 is set in \1", r"\2 is not set in \1"),
        (rf"test_bit\s*\(([A-Z][A-Z0-9_]+), &({LVALUE})\)", r"\1 is set in \2", r"\1 is not set in \2"),
        (rf"\(({LVALUE} & {LVALUE})\) == ({LVALUE})", r"(\1) == \2", r"(\1) != \2"),
        (rf"\(({LVALUE} & {LVALUE})\) != ({LVALUE})", r"(\1) != \2", r"(\1) == \2"),
        (r"\w+\s*\([^()]*\)->(\w+)", r"\1 is set", r"\1 is not set"),
        (rf"IS_ERR\s*\(\s*({LVALUE})\s*\)", r"\1 is an error pointer", r"\1 is no error pointer"),
        (rf"({LVALUE}) == (\({_SUM}\))", r"\1 == \2", r"\1 != \2"),
        (rf"({LVALUE}) != (\({_SUM}\))", r"\1 != \2", r"\1 == \2"),
        (rf"({LVALUE}) == {_NONE}", r"\1 is \2", r"\1 is not \2"),
        (rf"({LVALUE}) != {_NONE}", r"\1 is not \2", r"\1 is \2"),
        # What compares two things gives 0 where they are equal.
        (
            rf"(?:mem|str)\w*cmp\s*\(\s*({LVALUE})\s*,\s*({LVALUE}|\"[^\"]*\")\s*(?:,[^,()]*)?\)",
            r"\1 differs from \2",
            r"\1 equals \2",
        ),
    )
)


def said_of(text: str, above: str, *, taken: bool) -> str:
    """A C condition that holds or not -> what it says of its operands; `above` is the part of the function before it."""
    text, taken = _unwrapped(text, taken=taken)
    if re.fullmatch(LVALUE, text):
        return f"{text} is {'not ' if taken else ''}{'NULL' if is_pointer(text, above) else '0'}"
    for form, holds, fails in _SAYINGS:
        if found := form.fullmatch(text):
            return found.expand(holds if taken else fails)
    if found := _COMPARISON.fullmatch(text):
        return f"{found[1]} {found[2] if taken else _OPPOSITE[found[2]]} {found[3]}"
    return _said_of_call(text, taken=taken) or f"{text} is {'true' if taken else 'false'}"


def _unwrapped(text: str, *, taken: bool) -> tuple[str, bool]:
    """A condition without what stands around it and says nothing more, or the opposite: brackets, unlikely(), `!`, `!= 0`."""
    while True:
        if found := re.fullmatch(rf"{SAME}\s*\((.*)\)|\(([^()]*)\)", text):
            text = (found[1] or found[2] or "").strip()
        elif (found := re.fullmatch(r"!\s*\((.*)\)", text)) and _is_whole(found[1]):
            text, taken = found[1].strip(), not taken
        elif found := re.fullmatch(r"\(([^()]+ & [^()]+)\) ([!=])= 0", text):
            text, taken = found[1], (found[2] == "!") == taken
        elif found := re.fullmatch(rf"!\s*({_SIDE}|\w+\s*\({_GIVEN}\))", text):
            text, taken = found[1].strip(), not taken
        else:
            return text, taken


def _said_of_call(text: str, *, taken: bool) -> str:
    """What a call says of which nothing is known but its name; nothing where the name asks a question."""
    called = re.fullmatch(rf"(\w+)\s*\({_GIVEN}\)", text)
    if called is None or _ASKS.search(called[1].lower()):
        return ""
    if re.fullmatch(r"[A-Z][A-Z0-9_]*\s*\([^()]*\)", text) and not _ASKS.search(text.lower()):
        return f"{text} is {'' if taken else 'not '}set"  # a macro that leads from one structure to another
    return f"{called[1]}() returns non-zero" if taken and re.match("[a-z_]", text) else ""


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
    led = re.search(rf"(?<![\w>.]){re.escape(name)}->", above) is not None
    called = re.search(rf"(?i)\b\w+_(?:func|fn|cb|callback)(?:_t)?\s+{re.escape(name)}\s*[=;,)]", above) is not None
    beside = re.search(rf"\b{kind}\s+\*[^;{{}}]*,\s*\*+\s*{re.escape(name)}\s*[=;,]", above) is not None
    return (
        led
        or called
        or beside
        or re.search(rf"\b{kind}\s+(?:\w+\s+)?\*+\s*{re.escape(name)}\s*[=;,)]", above) is not None
    )
