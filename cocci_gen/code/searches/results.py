"""What calls of a node returned -> what is known behind it, and which branches of its test they leave."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from cocci_gen.code.graphs.control_flow import Assignment, Call, Node, encloses, unbracketed
from cocci_gen.code.searches.machines import EITHER, ERROR, POINTER, Result
from cocci_gen.code.states.known import ANY, CONSTANT, NEGATIVE, POSITIVE, ZERO, Known, narrow, sign_of, value_of

_NAME = re.compile(r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*")
#: A name of an enumeration, and a number: two of a sort that are written differently are two values.
_SORTS = (re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+"), re.compile(r"-?(?:0|[1-9]\d*)"))
_TEST = re.compile(r"(.*?) ?(==|!=|<=|>=|<|>) ?(-?\w+)")
#: Whether a value is an error, be it one that is assigned there: `IS_ERR(bh = sb_bread(sb, 1))`.
_ASKED = re.compile(r"IS_ERR ?\((?:\w+(?:(?:->|\.)\w+)* = )?(.*)\)")
_MADE = re.compile(r"ERR_PTR ?\((.*)\)")
_ERROR_TEXT = re.compile(r"(?:ERR_PTR|ERR_CAST) ?\(.*\)")
#: What a test of a call's result says of it: operator -> signs of those that pass it against 0.
_AGAINST_ZERO = {
    "<": NEGATIVE,
    "<=": NEGATIVE | ZERO,
    ">": POSITIVE,
    ">=": ZERO | POSITIVE,
    "==": ZERO,
    "!=": ANY & ~ZERO,
}

#: What a call returned -> `!call()`, where that is known.
_TURNED = {ZERO: POSITIVE} | dict.fromkeys((NEGATIVE, POSITIVE, NEGATIVE | POSITIVE), ZERO)

#: What calls of a node returned.
Results = tuple[tuple[Call, Result], ...]


def with_results(facts: Known, node: Node, results: Results) -> Known | None:
    """What is known when the calls of a node have returned these results; None when that cannot be."""
    for call, result in results:
        for place, signs, constant in result.given:
            known = narrow(facts, place, signs, constant)
            if known is None:
                return None
            facts = known
        for assignment in node.assignments:
            told = _with_value(facts, assignment, call, result)
            if told is None:
                return None
            facts = told
    return facts


def _with_value(facts: Known, assignment: Assignment, call: Call, result: Result) -> Known | None:
    """What is known behind an assignment, where that is of what the call has returned, turned round, or made an error pointer."""
    left, right = assignment.left, assignment.right
    if assignment.operator != "=" or not _NAME.fullmatch(left):
        return facts
    if right.startswith("-") and is_call(right[1:], call):
        return _with_value(facts, replace(assignment, right=right[1:]), call, _negative(result))
    if right.startswith("!") and is_call(right[1:], call):
        return narrow(facts, left, _TURNED.get(result.signs, ANY), "")
    if (made := _MADE.fullmatch(right)) and is_call(made[1], call):
        return _made_of(facts, left, result)
    if not is_call(right, call):
        return facts
    told = narrow(facts, left, result.signs, result.constant)
    if told is None:
        return None
    told = {**told, **{f"{left} == {code}": (ZERO, "") for code in result.other_than}}
    if result.pointer != EITHER:
        told[f"IS_ERR({left})"] = (POSITIVE if result.pointer == ERROR else ZERO, "")
    return told


def _negative(result: Result) -> Result:
    """What `-call()` is: some functions return error numbers above zero, and their callers turn the sign."""
    signs, constant = result.signs, result.constant
    turned = signs & ZERO | (NEGATIVE if signs & POSITIVE else 0) | (POSITIVE if signs & NEGATIVE else 0)
    if constant and constant != "0":
        constant = constant[1:] if constant.startswith("-") else f"-{constant}"
    return replace(result, signs=turned, constant=constant, other_than=())


def _made_of(facts: Known, place: str, result: Result) -> Known | None:
    """What is known of `place = ERR_PTR(call())` by what the call returned: of 0 it is NULL, and nobody makes one of more."""
    if result.signs & NEGATIVE and result.signs != NEGATIVE:
        return facts
    fails = result.signs == NEGATIVE
    told = narrow(facts, place, NEGATIVE | POSITIVE if fails else ZERO, "" if fails else "0")
    return None if told is None else {**told, f"IS_ERR({place})": (POSITIVE if fails else ZERO, "")}


def is_call(text: str, call: Call) -> bool:
    """Whether an expression is this call, casts aside."""
    return text.endswith(")") and _begins_with_call(text, call.callee)


@lru_cache(maxsize=1 << 14)
def _begins_with_call(text: str, callee: str) -> bool:
    return re.match(rf"(?:\([^()]*\) ?)?{re.escape(callee)} ?\(", text) is not None


def may_pass(text: str, call: Call, result: Result, *, truth: bool) -> bool:
    """Whether a test of a call's own result may come out so."""
    text = unbracketed(text)
    if is_call(text, call) and encloses(text[text.index("(") :]):
        return bool(result.signs & (ANY & ~ZERO if truth else ZERO))
    asked = _ASKED.fullmatch(text)
    if asked and is_call(asked[1], call):
        return bool(result.pointer & (ERROR if truth else POINTER))
    test = _TEST.fullmatch(text)
    if not test or not is_call(test[1], call):
        return True
    if test[2] in ("==", "!=") and test[3] in (result.constant, *result.other_than):
        return ((test[2] == "==") == truth) == (test[3] == result.constant)
    if test[2] in ("==", "!=") and any(sort.fullmatch(test[3]) and sort.fullmatch(result.constant) for sort in _SORTS):
        return (test[2] == "!=") == truth
    if test[3] in ("0", "NULL"):
        mask = _AGAINST_ZERO[test[2]]
        return bool(result.signs & (mask if truth else ANY & ~mask))
    if (test[2], truth) in (("==", True), ("!=", False)):
        return bool(result.signs & sign_of(test[3]))  # what is equal to an error number is one
    return True


def may_choose(node: Node, label: str, call: Call, result: Result) -> bool:
    """Whether a `switch` over a call's own result may take the branch with this label."""
    text = node.text
    if label != "default":
        return not CONSTANT.fullmatch(label) or may_pass(f"{unbracketed(text)} == {label}", call, result, truth=True)
    others = (other for _, other in node.successors if CONSTANT.fullmatch(other))
    return all(may_pass(f"{unbracketed(text)} == {other}", call, result, truth=False) for other in others)


def returned(text: str, facts: Known, results: Iterable[tuple[Call, Result]]) -> Result:
    """What a return of an expression hands back."""
    for call, result in results:
        if is_call(text, call):
            return result
        if text.startswith("-") and is_call(text[1:], call):
            return _negative(result)
    if _ERROR_TEXT.fullmatch(text):
        return _error_of(text, facts)
    signs, constant = value_of(text, facts)
    error = facts.get(f"IS_ERR({text})", (ANY, ""))[0]
    pointer = ERROR if error == POSITIVE else POINTER if error == ZERO or signs == ZERO else EITHER
    return Result(signs, constant, pointer)


def _error_of(text: str, facts: Known) -> Result:
    """What `ERR_PTR(err)` is by what is known of err: of 0 it is NULL, which some functions end well with."""
    made = _MADE.fullmatch(text)
    signs = value_of(made[1], facts)[0] if made else NEGATIVE
    if signs == ZERO:
        return Result(ZERO, "0", POINTER)
    return Result() if signs & ZERO else Result(NEGATIVE | POSITIVE, "", ERROR)
