"""A test of what a call has given -> `f() fails`, where that is plain from the lines right above it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cocci_gen.series.words.branches import CONDITION, Branch, body_of, indent, text_above
from cocci_gen.series.words.predicates import LVALUE, SAME, is_pointer, tried

#: What is said of a search that returns NULL, which need not be a failure.
FINDS_NOTHING = "finds nothing"
_SEARCHES = re.compile(r"(?:^|_)(?:find|lookup|search)(?:_|\()")
#: How far above a test the call may stand whose result it looks at.
_RESULT = 8


@dataclass(frozen=True, slots=True)
class _Test:
    """A branch with one operand: what that asks, and whether it holds on the way to an exit; the statement of the exit."""

    lines: list[str]
    branch: Branch
    text: str
    holds: bool
    statement: str

    @property
    def line(self) -> int:
        return self.branch.line


def cause(lines: list[str], branch: Branch, statement: str, *, entered: bool) -> str:
    """`f() fails` for a test of what f() has given, right before it; nothing where that is not plain.

    `entered` is whether the way to the exit, whose statement is given, goes through the body of the branch.
    """
    if len(branch.operands) != 1:
        return ""
    test = _Test(lines, branch, *_plain(branch.operands[0], holds=entered), statement)
    return _assigned_in(test) or _filled(test) or _looked_at(test) or _done(test) or _compared(test)


def _plain(text: str, *, holds: bool) -> tuple[str, bool]:
    """A test without `!` and unlikely()."""
    while found := re.fullmatch(rf"{SAME}\s*\((.*)\)|!\s*(.*)", text):
        text, holds = (found[1], holds) if found[1] is not None else (found[2], not holds)
        text = text.strip()
    return text, holds


def _assigned_in(test: _Test) -> str:
    """Of `(x = f())`, compared or not."""
    found = re.fullmatch(rf"\(({LVALUE}) = ([A-Za-z_]\w*) ?\(.*\)\)( != 0| < 0| == NULL|)", test.text)
    if found is None or found[2].isupper():
        return ""
    if found[3] == " == NULL" or not (found[3] or test.holds):
        fails = test.holds == bool(found[3])  # what it gives is a pointer
    else:
        fails = test.holds and _hands_up(test.statement, found[1])
    return f"{found[2]}() fails" if fails else ""


def _filled(test: _Test) -> str:
    """Of a question about a structure that does not hold, where a call right above has filled a member of it."""
    found = None if test.holds else re.fullmatch(r"\w+\s*\((\w+)\)", test.text)
    call = _fills(test.lines, test.line, found[1]) if found else ""
    return f"{call} fails" if call else ""


def _looked_at(test: _Test) -> str:
    """Of a variable in which the result of a call is, a pointer or an error number."""
    for pattern, wanted, pointer, told in _FAILURES:
        found = pattern.fullmatch(test.text) if wanted == test.holds else None
        call = _result_of(test.lines, test.line, found[1]) if found else ""
        if found is None or not call or not (told or pointer == _is_pointer_place(found[1], test.lines, test.line)):
            continue
        if pointer and _SEARCHES.search(call) and not found[0].startswith("IS_ERR"):
            return f"{call} {FINDS_NOTHING}"
        return f"{call} fails" if pointer or _hands_up(test.statement, found[1]) else ""
    return ""


#: Tests of a result; whether they hold where the call has failed; whether it is a pointer, and whether the test alone tells.
_FAILURES = tuple(
    (re.compile(pattern), wanted, pointer, told)
    for pattern, wanted, pointer, told in (
        (rf"(\*?{LVALUE})", False, True, False),
        (rf"({LVALUE}) == NULL", True, True, True),
        (rf"IS_ERR(?:_OR_NULL)?\s*\(\s*({LVALUE})\s*\)", True, True, True),
        (rf"({LVALUE}) < 0", True, False, True),
        (rf"({LVALUE})(?: != 0)?", True, False, False),
    )
)


def _done(test: _Test) -> str:
    """Of the call itself, where it does something and gives an error number."""
    called = re.fullmatch(r"([a-z_]\w*)\s*\(.*\)", test.text)
    fails = called is not None and test.holds and tried(called[1]) and _ends_with_error(test)
    return f"{called[1]}() fails" if called and fails else ""


def _compared(test: _Test) -> str:
    """Of a result that is compared with a constant, or with both success and failure at once."""
    if (found := re.fullmatch(rf"({LVALUE}) <= 0", test.text)) and test.holds:
        call = _result_of(test.lines, test.line, found[1])
        return f"{call} returns 0 or an error" if call else ""
    found = re.fullmatch(rf"({LVALUE}) ([!=])= ([A-Z][A-Z0-9_]+|-\d+)", test.text)
    call = _result_of(test.lines, test.line, found[1]) if found else ""
    if found is None or not call:
        return ""
    return f"{call} {'returns' if (found[2] == '=') == test.holds else 'does not return'} {found[3]}"


def _ends_with_error(test: _Test) -> bool:
    """Whether the exit returns an error number, or one is set in the body of the branch that leads to it."""
    body = "\n".join(body_of(test.lines, test.branch))
    return re.search(r"(?:\breturn\b.*|= )-E[A-Z]+\b", f"{test.statement}\n{body}") is not None


def _fills(lines: list[str], line: int, owner: str) -> str:
    """The call right above a line that fills a member of something: a test of that something alone looks at the member."""
    above = "\n".join(lines[max(0, line - 1 - CONDITION) : line - 1])
    form = rf"(?:^|\n)\s*{re.escape(owner)}->\w+\s*=\s*((?:\w*alloc|\w+dup)\w*)\s*\([^;{{}}]*\);\s*"
    found = re.search(form + "$", above)
    return f"{found[1]}()" if found else ""


def _hands_up(statement: str, variable: str) -> bool:
    """Whether an exit hands a failure up: what the test looked at, or a plain error."""
    return (
        not statement
        or re.search(rf"\breturn\b.*(?:\b{re.escape(variable)}\b|-E[A-Z]|ERR_PTR|VM_FAULT_)", statement) is not None
    )


def _result_of(lines: list[str], line: int, variable: str) -> str:
    """The call whose result a variable has in a line, `f()`: the last that it was assigned, a few lines above.  What the function
    calls several times is told apart by the one constant that it is given, `f(ONE)`."""
    above = "\n".join(lines[max(0, line - 1 - _RESULT) : line - 1])
    above = above[above.rfind("\n}") + 1 :]
    every = list(re.finditer(rf"(?<![\w.>]){re.escape(variable)}\s*=(?!=)\s*", above))
    if not every or re.search(r"^\s*\w+:\s*$", above[every[-1].end() :], re.MULTILINE):
        return ""
    others = text_above(lines, line)
    last = _call_at(above, every[-1], others)
    ahead = above[: every[-1].start()]
    behind_it = indent(ahead[ahead.rfind("\n") + 1 :] + "x") > indent(lines[line - 1])
    if not last or not behind_it or not re.search(r"\belse\s*(?:\{\s*)?$", ahead):
        return last
    # The other branch sets it as well.
    first = _call_at(above, every[-2], others) if len(every) > 1 else ""
    between = above[every[-2].end() : every[-1].start()] if first else ""
    plain = re.fullmatch(r"[^;]*;\s*(?:\}\s*)?else\s*(?:\{\s*)?", between) is not None
    return f"{first} or {last}" if first and plain and first != last else ""


def _call_at(above: str, place: re.Match[str], others: str) -> str:
    """The call whose result is assigned at a place, `f()`, or `->f()` where it is found in what another one gives."""
    called = re.match(rf"({LVALUE})\s*\(([^()]*)(\)->(\w+)\s*\()?", above[place.end() :])
    if called is not None and called[4]:
        return f"->{called[4]}()"
    if called is None or called[1].isupper():
        return ""
    every = re.findall(rf"\b{re.escape(called[1])}\s*\(([^()]*)", others)
    told = called[2] if re.fullmatch(r"[A-Z][A-Z0-9_]+", called[2]) and len(set(every)) > 1 else ""
    return f"{called[1]}({told})"


def _is_pointer_place(place: str, lines: list[str], line: int) -> bool:
    """Whether a variable is declared as a pointer; a member is one when what fills it gets something."""
    if re.search(r"->|\.|^\*", place):
        return re.search(r"alloc|get|find|open|dup|create|make|new", _result_of(lines, line, place)) is not None
    return is_pointer(place, text_above(lines, line))
