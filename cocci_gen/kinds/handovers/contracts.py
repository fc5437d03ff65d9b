"""contracts.toml and a returned value -> what a method takes for its caller, and whether it says success or failure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.states.known import Facts
from cocci_gen.resources import data_tables

_ERRNO = re.compile(r"^-E[A-Z0-9]+$|^-\d+$|^PTR_ERR\(")
_VARIABLE = re.compile(r"^[A-Za-z_]\w*$")
#: Turn an error into a code; zero becomes VM_FAULT_LOCKED in some of them, so that only a certain error is a failure.
_CODE_OF_ERROR = re.compile(r"^(?:block_page_mkwrite_return|vmf_fs_error) ?\((\w+)\)$")
_JOINED = re.compile(r"^(?:VM_FAULT_[A-Z_]+(?: ?\| ?VM_FAULT_[A-Z_]+)*|0)$")
_NEVER_LOCKED = re.compile(r"^(?:vmf_error|dax_fault_return|vmf_insert_\w+) ?\(")
#: An error number says so without ERR_PTR() around it too: compilers warned, and the value is the same.
_ERROR_POINTER = re.compile(r"^(?:ERR_(?:PTR|CAST) ?\(|-E[A-Z0-9]+$)")
#: Signs as `paths` knows them.
_NEGATIVE, _ZERO = 1, 2
_LOCKED = "VM_FAULT_LOCKED"
#: With one of these beside VM_FAULT_LOCKED the VM gives up before it looks for the lock.
_GIVES_UP = re.compile(r"VM_FAULT_(?:NOPAGE|DONE_COW|OOM|SIGBUS|SIGSEGV|FALLBACK|HWPOISON\w*)")


class Says(Enum):
    """What a returned value tells the caller."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Contract:
    """What one method takes and how it says whether the caller got it; the fields are those of contracts.toml."""

    returning: frozenset[str]
    flagged: frozenset[str]
    flags: frozenset[str]
    locking: frozenset[str]
    killable: frozenset[str]
    attempting: frozenset[str]
    release: frozenset[str]
    put: frozenset[str]
    both: frozenset[str]
    outcome: str
    out: str
    cached: frozenset[str]
    rechecks: re.Pattern[str] | None
    everywhere: bool

    def gives_back(self, call: Call) -> bool:
        """Whether the value of a call is the thing, taken."""
        if call.callee in self.returning:
            return True
        return call.callee in self.flagged and any(flag in text for flag in self.flags for text in call.arguments)

    def says(self, value: str, facts: Facts) -> Says:
        """What `return value;` tells the caller with what is known there."""
        if self.outcome == "pointer":
            return Says.FAILURE if _ERROR_POINTER.match(value) else Says.UNKNOWN
        if self.outcome == "fault":
            return _fault(value, facts)
        if value == "0":
            return Says.SUCCESS
        if _ERRNO.match(value):
            return Says.FAILURE
        return _signs(value, facts)


def _signs(value: str, facts: Facts) -> Says:
    for place, signs, constant in facts:
        if place == value and _VARIABLE.match(value):
            if signs == _ZERO or constant == "0":
                return Says.SUCCESS
            if signs & (_ZERO | _NEGATIVE) == _NEGATIVE:
                return Says.FAILURE
    return Says.UNKNOWN


def _fault(value: str, facts: Facts) -> Says:
    if _JOINED.match(value):
        return says_code(value)
    if _LOCKED in value:
        return Says.SUCCESS
    if _NEVER_LOCKED.match(value):
        return Says.FAILURE
    code = _CODE_OF_ERROR.match(value)
    if code:
        return Says.FAILURE if _signs(code.group(1), facts) is Says.FAILURE else Says.UNKNOWN
    for place, _, constant in facts:
        if place == value and constant:
            return says_code(constant)
    return Says.UNKNOWN


def says_code(value: str) -> Says:
    """What codes joined with `|` say, anything else is unknown; whether VM_FAULT_RETRY is looked at before the lock depends on
    the method."""
    if not _JOINED.match(value):
        return Says.UNKNOWN
    parts = {part.strip() for part in value.split("|")}
    if _LOCKED in parts and "VM_FAULT_RETRY" in parts:
        return Says.UNKNOWN
    gives_up = _LOCKED not in parts or any(_GIVES_UP.fullmatch(part) for part in parts)
    return Says.FAILURE if gives_up else Says.SUCCESS


@cache
def contracts() -> Mapping[str, Contract]:
    """Method -> its contract, as it ships with the package."""
    return {name: _contract(entry) for name, entry in data_tables("kinds/handovers/contracts.toml")["contract"].items()}


def _contract(entry: Mapping[str, Any]) -> Contract:
    sets = ("returning", "flagged", "flags", "locking", "killable", "attempting", "release", "put", "both", "cached")
    return Contract(
        **{key: frozenset(entry[key]) for key in sets},
        outcome=entry["outcome"],
        out=entry["out"],
        rechecks=re.compile("|".join(entry["rechecks"])) if entry["rechecks"] else None,
        everywhere=entry.get("everywhere", False),
    )
