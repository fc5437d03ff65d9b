"""The functions that followed a method whose type changed -> Values, what became of what they return, and the SmPL for it.

`int (*mkdir)` became `struct dentry *(*mkdir)`, and `return err;` became `return ERR_PTR(err);`; compilers take both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cocci_gen.port.lessons.support import FEWEST_FUNCTIONS, SHARE
from cocci_gen.port.texts.parameters import meant

_RETURN = re.compile(r"\breturn\b\s*([^;]*);")
_CALL = re.compile(r"(\w+)\((.*)\)", re.DOTALL)
_CALLS = re.compile(r"(\w+)\(([^()]*)\)")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
#: Numbers of any width become one another by themselves.
_NUMBERS = re.compile(r"(?:(?:unsigned|signed|long|short|int|char|bool|_Bool|ssize_t|size_t|loff_t)\s*)+")
#: What is true or false; a number that is 0 for success is none of both (`filldir_t`: 0 went on, and true goes on by now).
_TRUTH = re.compile(r"(?:bool|_Bool)\s*")
_SAME = {"1": "true", "0": "false"}


@dataclass(frozen=True, slots=True)
class AsBefore:
    """What was returned can be returned: the type is the same, one number became another, or what a pointer leads to became
    const."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """Values go through a function (`ERR_PTR`), and 0 becomes a constant (`NULL`); `shown` of `of` returns of the tree did so.
    What a function had made is `undone` by another one (`PTR_ERR(inode)` is `ERR_CAST(inode)`)."""

    wrapper: str
    zero: str
    shown: int
    of: int
    undone: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """The tree does not agree on what becomes of the values."""

    of: int


Values = AsBefore | Wrapped | Unknown


def values_of(before: str, after: str, bodies: Iterable[tuple[str, str]]) -> Values:
    """The returned types, and the texts of functions before and after -> what became of the values."""
    kinds = [meant(f"{kind} ") for kind in (before, after)]
    if is_turned(before, after):
        return _truth(bodies)
    if kinds[0] == kinds[1] or all(_NUMBERS.fullmatch(f"{kind} ") for kind in kinds) or _only_const(*kinds):
        return AsBefore()
    wrapped: Counter[str] = Counter()
    zeros: Counter[str] = Counter()
    undone: Counter[tuple[str, str]] = Counter()
    for old, new in bodies:
        values = _returned(old), _returned(new)
        if len(values[0]) != len(values[1]):
            continue
        for one, other in zip(*values, strict=True):
            if one == "0":
                zeros[other] += 1
                continue
            wrapper = _wrapper(one, other)
            pair = _undone(one, other) if not wrapper else None
            if pair is None:
                wrapped[wrapper] += 1
            else:
                undone[pair] += 1
    of = wrapped.total()
    for wrapper, shown in wrapped.most_common(1):
        if wrapper and shown >= FEWEST_FUNCTIONS and shown >= SHARE * of:
            pairs = tuple(sorted(pair for pair, count in undone.items() if count >= FEWEST_FUNCTIONS))
            return Wrapped(wrapper, _zero(zeros, wrapper), shown, of, pairs)
    return Unknown(of)


def is_turned(before: str, after: str) -> bool:
    """Whether one of two returned types is true or false and the other a number: what was 0 for success may be true for it, and
    no compiler tells."""
    kinds = [meant(f"{kind} ") for kind in (before, after)]
    truths = [_TRUTH.fullmatch(f"{kind} ") is not None for kind in kinds]
    return truths[0] != truths[1] and all(_NUMBERS.fullmatch(f"{kind} ") for kind in kinds)


def _truth(bodies: Iterable[tuple[str, str]]) -> Values:
    """What became of numbers that are true or false by now, or the other way round: the same, where enough returns of the tree
    stayed or say it in the other words, and not one says the opposite (others hand on what their callees say by now)."""
    votes: Counter[bool] = Counter()
    opposite = False
    for old, new in bodies:
        values = _returned(old), _returned(new)
        for one, other in zip(*values, strict=True) if len(values[0]) == len(values[1]) else ():
            said = [_SAME.get(value, value) for value in (one, other)]
            votes[said[0] == said[1]] += 1
            opposite = opposite or said in (["false", "true"], ["true", "false"])
    of = votes.total()
    return AsBefore() if not opposite and votes[True] >= max(FEWEST_FUNCTIONS, SHARE * of) else Unknown(of)


def _only_const(before: str, after: str) -> bool:
    """Whether a pointer leads to the same that nobody may change by now: what could be returned still can."""
    return before.endswith("*") and after == f"const {before}"


def _wrapper(old: str, new: str) -> str:
    """The function that an old value goes through in the new one, also under a condition (`err ? ERR_PTR(err) : NULL`), or with
    other arguments of its own (`ERR_PTR(make(a))` for `make(a, b)`); "" for none."""
    for call in [*_CALLS.finditer(new), *([whole] if (whole := _CALL.fullmatch(new)) else [])]:
        inner, before = _CALL.fullmatch(call.group(2)), _CALL.fullmatch(old)
        if call.group(2) == old or (inner and before and inner.group(1) == before.group(1)):
            return call.group(1)
    return ""


def _undone(old: str, new: str) -> tuple[str, str] | None:
    """The functions of two calls with the same arguments: `PTR_ERR(inode)` that is `ERR_CAST(inode)` by now."""
    calls = _CALL.fullmatch(old), _CALL.fullmatch(new)
    if calls[0] is None or calls[1] is None or calls[0].group(2) != calls[1].group(2):
        return None
    return calls[0].group(1), calls[1].group(1)


def _zero(zeros: Counter[str], wrapper: str) -> str:
    """What stands for 0: a constant that nearly all take, else what the function makes of it."""
    for value, count in zeros.most_common(1):
        if count >= FEWEST_FUNCTIONS and count >= SHARE * zeros.total() and re.fullmatch(r"\w+", value):
            return value
    return f"{wrapper}(0)"


def _returned(text: str) -> list[str]:
    body = _COMMENT.sub(" ", text).partition("{")[2]
    return [" ".join(value.split()) for value in _RETURN.findall(body)]


def returns_text(values: Values, stem: str, functions: Sequence[str]) -> str:
    """The SmPL for the values that some functions return, "" where they stay; what is wrapped already stays.  Some people put
    brackets around them."""
    if not isinstance(values, Wrapped):
        return ""
    named = re.fullmatch(r"\w+", values.zero)
    whole = [
        f"{values.wrapper}(...)",
        *([values.zero] if named else []),
        *(f"{after}(...)" for _, after in values.undone),
    ]
    kept = [f" return {value};" for one in whole for value in (one, f"({one})")]
    turns = [*((f"{before}(X)", f"{after}(X)") for before, after in values.undone), ("0", values.zero)]
    wrapped = [(value, f"{values.wrapper}(X)") for value in ("(X)", "X")]
    turned = [(value, after) for before, after in turns for value in (before, f"({before})")]
    # The value alone: around a whole statement under an `if`, spatch 1.3 puts braces.
    ways = [*kept, *(f" return\n- {value}\n+ {after}\n ;" for value, after in (*turned, *wrapped))]
    symbol = f"symbol {values.zero};\n" if named and values.zero != "NULL" else ""
    inside = "\n|\n".join(ways)
    head = f"@{stem}_returns@\nidentifier fn = {{{', '.join(functions)}}};\n{symbol}expression X;\n@@\n"
    return f"{head} fn(...)\n {{\n <...\n(\n{inside}\n)\n ...>\n }}\n"


#: One return, and it is the last statement; or several.
AT_THE_END, WITHIN = "at the end", "within"
_LAST = re.compile(r"[;{}]\s*return\s+0\s*;\s*\}\s*\Z")


def zeros_of(text: str, returns: str) -> str:
    """The text of a function and what it returns by now -> AT_THE_END or WITHIN where that is nothing, and was 0 wherever it
    returned; "" else.  0 says that all went well, which is what nothing says."""
    values = _returned(text)
    if returns != "void" or not values or set(values) != {"0"}:
        return ""
    return AT_THE_END if len(values) == 1 and _LAST.search(_COMMENT.sub(" ", text)) else WITHIN


def zeros_text(zeros: str, stem: str, functions: Sequence[str]) -> str:
    """The SmPL for functions that returned nothing but 0, "" for others.  A return at the end goes; behind a label, or beside
    others, it stays without its value: to spatch, each return stands in front of the end of the function."""
    if not zeros:
        return ""
    head = f"@{stem}_returns@\nidentifier fn = {{{', '.join(functions)}}};\n@@\n fn(...)\n {{\n"
    if zeros == AT_THE_END:
        return f"{head} ... when any\n- return 0;\n }}\n"
    return f"{head} <...\n- return 0;\n+ return;\n ...>\n }}\n"


def returns_a_value(text: str) -> bool:
    """Whether a function returns anything that its new type may not take."""
    return any(value for value in _returned(text))
