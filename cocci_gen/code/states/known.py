"""What is known of places on a way: the signs that each may have, and the constant that it equals.

Places are plain variables and what they lead to.  What a way does to it, `deeds` tells.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from functools import lru_cache

from cocci_gen.code.states.statuses import statuses

NEGATIVE, ZERO, POSITIVE = 1, 2, 4
ANY = NEGATIVE | ZERO | POSITIVE
PLACE = r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*"
#: What a pointer leads to: `*done`.
BEHIND = r"\*[A-Za-z_]\w*"
_MASKS = {
    "<": NEGATIVE,
    "<=": NEGATIVE | ZERO,
    ">": POSITIVE,
    ">=": ZERO | POSITIVE,
    "==": ZERO,
    "!=": NEGATIVE | POSITIVE,
}
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
IS_PLACE = re.compile(rf"{PLACE}|{BEHIND}")
_ERROR_OF = re.compile(rf"PTR_ERR\(({PLACE})\)")
#: What is the error of a pointer, or 0 where that is none.
_ERROR_OR_ZERO = re.compile(
    rf"PTR_ERR_OR_ZERO\((?P<pointer>{PLACE})\)|IS_ERR\((?P<asked>{PLACE})\) \? PTR_ERR\((?P=asked)\) : 0"
)
#: Ends the key under which stands what is known of all members of a structure that have no key of their own (`zeroed`).
REST = "{}"
_FIRST_MEMBER = re.compile(r"(\w+)(->|\.)(\w+)")
#: Stands in front of a test that has one outcome throughout.
THROUGHOUT = "?"
#: The names of error numbers, those of the kernel alone (include/linux/errno.h) too: some modules return them as they are.
ERRNOS = frozenset(filter(str.isupper, vars(errno))) | {
    "ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ENOIOCTLCMD", "EPROBE_DEFER", "EOPENSTALE", "ENOPARAM", "EBADHANDLE",
    "ENOTSYNC", "EBADCOOKIE", "ENOTSUPP", "ETOOSMALL", "ESERVERFAULT", "EBADTYPE", "EJUKEBOX", "EIOCBQUEUED", "ERECALLCONFLICT",
}  # fmt: skip
#: One constant, or flags joined with `|`, or a status.
CONSTANT = re.compile(
    r"^(?:-?\d\w*|-[A-Z][A-Z0-9]\w*|[A-Z][A-Z0-9_]+(?: ?\| ?[A-Z][A-Z0-9_]+)*|true|false"
    rf"|{'|'.join(sorted(statuses().well))}|{statuses().failed.pattern})$"
)

#: `(vm_fault_t)VM_FAULT_OOM`: a cast of a constant is that constant.
_CAST = re.compile(r"\((?:const |unsigned |signed |enum |__force )*[a-z_]\w*\) ?(.+)")
#: Families of codes and bits none of which is zero (include/linux/fs.h, mm_types.h).
_CODES = re.compile(r"(?:AOP|VM_FAULT)_")
#: `rc ? -EIO : 0`, `rc == 0 ? 0 : -EIO`, `rc ?: -EIO`.
_CHOICE = re.compile(
    rf"({PLACE}|{BEHIND})(?: (==|!=) (?:0|NULL|{'|'.join(sorted(statuses().well))}))? \? ?(?:(.+) )?: (.+)"
)
#: A choice between two constants, by whatever test.
_EITHER = re.compile(r"[^?:]+[^?: ] \? (-?\w+) : (-?\w+)")
#: One name of a constant that has a family.
_NAMED = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+")
#: What is known on a way: place -> (signs that it may have, constant that it equals or ""), condition text -> truth.
Facts = tuple[tuple[str, int, str], ...]


#: The same while a node is gone through.
Known = dict[str, tuple[int, str]]
#: What is known of a place of which nothing is.
_NOTHING = (ANY, "")


@lru_cache(maxsize=1 << 14)
def sign_of(constant: str) -> int:
    """The signs that a constant may have, as a mask of NEGATIVE, ZERO, POSITIVE; a status that fails is taken for an error
    number: nobody asks for its sign."""
    if constant in ("0", "NULL", "false", "0UL", "0x0") or constant in statuses().well:
        return ZERO
    if constant.startswith("-") or statuses().failed.fullmatch(constant):
        return NEGATIVE
    if constant == "true" or constant[:1].isdigit() or constant in ERRNOS or _CODES.match(constant):
        return POSITIVE
    return ANY


def value_of(right: str, facts: Known) -> tuple[int, str]:
    """Signs and constant of the right side of an assignment."""
    text, fixed, error, made, choice, or_zero, number = _value(right)
    if fixed is not None:
        return fixed
    if error:
        is_error = facts.get(error, (ANY, ""))[0]
        if is_error == POSITIVE:
            return NEGATIVE, ""
        if or_zero:
            return (ZERO, "0") if is_error == ZERO else (NEGATIVE | ZERO, "")
    if number:
        return value_of(number, facts)[0], ""
    if made:  # of 0 it is NULL
        signs, _ = value_of(made, facts)
        return NEGATIVE | POSITIVE | signs & ZERO, ""
    if choice:
        chosen = told_of(facts, choice[0])[0]
        if chosen & ZERO == 0 or chosen == ZERO:
            return value_of(choice[2 if chosen == ZERO else 1], facts)
    return told_of(facts, text)


def told_of(facts: Known, place: str) -> tuple[int, str]:
    """The signs and the constant of a place: what is known of it, or of what its structure was begun with."""
    found = facts.get(place)
    if found is None:
        rest, member = _rest_with(place)
        _, said = facts.get(rest, _NOTHING) if rest else _NOTHING
        found = (ZERO, "0") if said and member not in said else _NOTHING
    return found


@lru_cache(maxsize=1 << 14)
def _rest_with(place: str) -> tuple[str, str]:
    """The key under which stands what is known of a member without a key of its own, and the member as it is listed there."""
    first = _FIRST_MEMBER.match(place)
    return (f"{first[1]}{first[2].replace('.', '')}{REST}", f".{first[3]}.") if first else ("", "")


def sides_of(right: str, facts: Known) -> tuple[tuple[str, Known], ...]:
    """The sides of a choice, `rc ? -EIO : 0`, that is not decided, each with what is known where it is taken; the expression
    itself where it is none."""
    choice = _value(right)[4]
    if not choice:
        either = _EITHER.fullmatch(right)
        plain = either is not None and all(CONSTANT.match(one) for one in either.groups())
        ends = either.groups() if either and plain else (right,)
        return tuple((one, known) for one in ends if (known := _as_error(one, facts)) is not None)
    sides = ((choice[1], NEGATIVE | POSITIVE), (choice[2], ZERO))
    told = ((side, narrow(facts, choice[0], signs, "")) for side, signs in sides)
    return tuple((side, known) for side, one in told if one is not None and (known := _as_error(side, one)) is not None)


def _as_error(side: str, facts: Known) -> Known | None:
    """What is known where `ERR_PTR(rc)` is made of a number: an error, or none; nobody makes a pointer of a positive one."""
    made = _value(side)[3]
    return narrow(facts, made, NEGATIVE | ZERO, "") if made and IS_PLACE.fullmatch(made) else facts


@lru_cache(maxsize=1 << 14)
def _value(right: str) -> tuple[str, tuple[int, str] | None, str, str, tuple[str, ...], bool, str]:
    """An expression read: its text, what it is whatever is known, the test that makes it an error, what an error pointer is made
    of, the test and sides of a choice, whether it is 0 where that test says no, and the error number that a status is made of."""
    text = right.strip()
    while text.startswith("(") and text.endswith(")") and text.count("(") == text.count(")") == 1:
        text = text[1:-1].strip()
    cast = _CAST.fullmatch(text)
    text = cast[1] if cast and CONSTANT.match(cast[1]) else text
    if CONSTANT.match(text):
        return text, (sign_of(text), text), "", "", (), False, ""
    if text.startswith("&"):
        return text, (NEGATIVE | POSITIVE, ""), "", "", (), False, ""
    or_zero = _ERROR_OR_ZERO.fullmatch(text)
    error = or_zero or _ERROR_OF.fullmatch(text)
    status = statuses().made.fullmatch(text)
    made = text[8:-1] if text.startswith("ERR_PTR(") and text.endswith(")") else ""
    choice = _choice(text)
    return (
        text,
        None,
        f"IS_ERR({error[error.lastindex or 0]})" if error else "",
        made,
        choice,
        or_zero is not None,
        status[1] if status else "",
    )


def _choice(text: str) -> tuple[str, ...]:
    """The place that decides, what the choice is where that is not zero, and what it is where it is; () for no choice."""
    found = _CHOICE.fullmatch(text)
    if found is None:
        return ()
    place, operator, one, other = found.groups()
    first = one or (place if not operator else "")
    return ((place, other, first) if operator == "==" else (place, first, other)) if first else ()


@lru_cache(maxsize=1 << 14)
def identifiers(text: str) -> tuple[str, ...]:
    """The names in a text, in order."""
    return tuple(IDENTIFIER.findall(text))


def compare(facts: Known, place: str, operator: str, constant: str, *, truth: bool) -> Known | None:
    """What is known when a comparison of a place with a constant is true (or false); None when it cannot be."""
    _, known = told_of(facts, place)
    if operator in ("==", "!="):
        equal = (operator == "==") == truth
        if known and known == constant:
            return facts if equal else None
        if equal:
            if facts.get(f"{place} == {constant}", (ANY, ""))[0] == ZERO:
                return None
            if known and known != constant and (_differ(known, constant) or _both_named(known, constant)):
                return None
            return narrow(facts, place, sign_of(constant), constant)
        if sign_of(constant) == ZERO:
            return narrow(facts, place, ANY & ~ZERO, "")
        return narrow(facts, f"{place} == {constant}", ZERO, "")
    if sign_of(constant) != ZERO:
        key = f"{place} {operator} {constant}"
        told = narrow(facts, key, POSITIVE if truth else ZERO, "")
        above = operator in (">", ">=") if truth else operator in ("<", "<=")
        return narrow(told, place, POSITIVE, "") if told is not None and above and _counts(constant) else told
    mask = _MASKS[operator]
    return narrow(facts, place, mask if truth else ANY & ~mask, "")


def are_same(one: str, other: str) -> str:
    """The key under which stands whether two variables are the same, in whatever order they are compared."""
    return f"{min(one, other)} == {max(one, other)}"


def same(facts: Known, one: str, operator: str, other: str, *, truth: bool) -> Known | None:
    """What is known when two variables are the same or are not: none is NULL where the other is a pointer to something."""
    told = narrow(facts, are_same(one, other), POSITIVE if (operator == "==") == truth else ZERO, "")
    if told is None:
        return told
    (signs, constant), (others, another) = told_of(facts, one), told_of(facts, other)
    if (operator == "==") != truth:
        return None if signs == others == ZERO else told
    if signs & others == 0 or (constant and another and _differ(constant, another)):
        return None
    both = signs & others
    for place, old in ((one, signs), (other, others)):
        told = narrow(told, place, both, constant or another) if both != old and told is not None else told
    return told


def _counts(constant: str) -> bool:
    """Whether a constant is greater than zero."""
    return constant.startswith("ARRAY_SIZE") or sign_of(constant) == POSITIVE


def _differ(one: str, other: str) -> bool:
    """Whether two constants that are written differently are two values."""
    signs = sign_of(one), sign_of(other)
    return CONSTANT.match(one) is not None and signs[0] | signs[1] != ANY and signs != (ZERO, ZERO)


def _both_named(one: str, other: str) -> bool:
    """Whether both are names (`MODE_READ`, `NOT_FOUND`): what one variable is compared with has one name per value."""
    return all(_NAMED.fullmatch(name) for name in (one, other))


def narrow(facts: Known, place: str, mask: int, constant: str) -> Known | None:
    """The facts with a place among the signs of the mask, and equal to the constant if one is given; None: it cannot be."""
    signs, known = told_of(facts, place)
    if signs & mask == 0:
        return None
    return {**facts, place: (signs & mask, constant or known)}


def error_of(right: str) -> str:
    """The pointer whose error an expression is, if that is one; "" for another expression."""
    found = _ERROR_OF.fullmatch(right.strip())
    return found[1] if found else ""


def as_number(place: str, pointer: str) -> str:
    """The key under which stands that a place holds the error of a pointer, of which nobody has asked yet whether it is one."""
    return f"{place} = -{pointer}"


def told_error(facts: Known, pointer: str) -> Known | None:
    """What is known when a pointer is an error: so is what was made of it before."""
    told = narrow(facts, f"IS_ERR({pointer})", POSITIVE, "")
    for place in (key[: -len(end)] for end in (as_number("", pointer),) for key in facts if key.endswith(end)):
        told = narrow(told, place, NEGATIVE, "") if told is not None else None
    return told


def may_be_zero(facts: Facts, place: str) -> bool:
    """Whether a place may be zero with what is known."""
    return all(signs & ZERO for key, signs, _ in facts if key == place)


def may_be_nonzero(facts: Facts, place: str) -> bool:
    """Whether a place may be other than zero with what is known."""
    return all(signs & ~ZERO for key, signs, _ in facts if key == place)


def given(values: Iterable[tuple[str, str]]) -> Facts:
    """What is known at first of places that hold constants: (place, constant) -> facts; other texts tell nothing."""
    known = {place: value_of(text, {}) for place, text in values if CONSTANT.match(text)}
    return frozen(known)


def nonzero(place: str) -> Facts:
    """The fact that a place is not zero."""
    return ((place, ANY & ~ZERO, ""),)


def sound(place: str) -> Facts:
    """The facts that a pointer is neither NULL nor an error."""
    return ((f"IS_ERR({place})", ZERO, ""), *nonzero(place))


def frozen(facts: Known) -> Facts:
    """What is known, as a key."""
    return tuple(sorted((key, signs, constant) for key, (signs, constant) in facts.items()))


def thawed(facts: Facts) -> Known:
    """A key -> what is known."""
    return {key: (signs, constant) for key, signs, constant in facts}
