"""Breach -> words for the condition that leads to it.

Said is only what decides: the condition of a branch that the exit stands in, or that jumps to it.  A branch that was
merely passed on the way there says nothing, and so nothing is said of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from cocci_gen.findings.findings import Breach
from cocci_gen.series.words.predicates import LVALUE, SAME, is_pointer, said_of, together, tried

#: Of several calls in a function, the one that is in a loop.
IN_LOOP = " in the loop"
_LONGEST = 100
#: How far above a test the call may stand whose result it looks at.
_RESULT = 8
#: How far above an exit its function is looked at, and how far below a branch for its jump.
_WINDOW = 400
_BODY = 12
#: How many lines a condition may have.
_CONDITION = 6


@dataclass(frozen=True, slots=True)
class _Branch:
    """An `if` of the file: the line that it begins in and its operands, with the operator between them."""

    line: int
    operands: tuple[str, ...]
    operator: str


def condition_words(breach: Breach, exit_line: int, base: bytes) -> str:
    """A breach, the line of its exit and the text of the file -> ` when x is NULL`, or nothing."""
    lines = base.decode("utf-8", "surrogateescape").split("\n")
    text = " ".join(breach.condition.split())
    if not text or not 0 < breach.condition_line < exit_line <= len(lines):
        return ""
    branch = _branch(lines, breach.condition_line)
    if branch is None:
        return ""
    entered = _entered(lines, branch, exit_line, text, taken=breach.taken)
    if entered is None and not breach.taken and _body_makes(lines, branch, breach.missing):
        entered = False
    if entered is None:
        return ""
    said = _branch_words(branch, text, _above(lines, exit_line), entered=entered, taken=breach.taken)
    said = _cause(lines, branch, breach, entered=entered) or said
    said += IN_LOOP if _is_one_in_a_loop(lines, branch.line, said) else ""
    return f" when {said}" if len(said) <= _LONGEST and said.isprintable() else ""


def _is_one_in_a_loop(lines: list[str], line: int, said: str) -> bool:
    """Whether it is the one call in a loop that fails, and the function has such calls outside of it as well."""
    failing = re.fullmatch(r"(\w+)\(\) fails", said)
    begin = line - 1 - _above(lines, line - 1).count("\n")
    end = next((number for number in range(line, len(lines)) if lines[number].startswith("}")), len(lines))
    heads = [
        number for number in range(begin, line) if re.match(r"\s+(?:for|while|do|\w*for_each\w*)\b", lines[number])
    ]
    bodies = [range(head, _closed(lines, head, end)) for head in heads]
    around = [body for body in bodies if line - 1 in body]
    if failing is None or not around:
        return False
    calls = [number for number in range(begin, end) if re.search(rf"\b{failing[1]}\s*\(", lines[number])]
    return len(calls) > 1 and sum(number in around[-1] for number in calls) == 1


def _closed(lines: list[str], head: int, end: int) -> int:
    """The first line behind the body of a loop, by its indentation."""
    inner = (number for number in range(head + 1, end) if lines[number].strip() and not lines[number].startswith("#"))
    return next((number for number in inner if _indent(lines[number]) <= _indent(lines[head])), end)


def jump_words(line: int, base: bytes) -> str:
    """The line of a jump that an `if` guards -> ` when f() fails`, or nothing."""
    lines = base.decode("utf-8", "surrogateescape").split("\n")
    inner = _indent(lines[line - 1]) if 0 < line <= len(lines) else 0
    for number in range(line - 1, max(0, line - _BODY), -1):
        if not lines[number - 1].strip() or _indent(lines[number - 1]) >= inner:
            continue
        branch = _branch(lines, number)
        if branch is None or len(branch.operands) != 1:
            return ""
        text = branch.operands[0]
        breach = Breach("", text, True, branch.line, (), "", "")
        said = _cause(lines, branch, breach, entered=True) or said_of(text, _above(lines, line), taken=True)
        return f" when {said}" if len(said) <= _LONGEST and said.isprintable() else ""
    return ""


def _cause(lines: list[str], branch: _Branch, breach: Breach, *, entered: bool) -> str:
    """`f() fails` for a test of what f() has given, right before it; nothing where that is not plain."""
    if len(branch.operands) != 1:
        return ""
    text, taken = branch.operands[0], entered
    while found := re.fullmatch(rf"{SAME}\s*\((.*)\)|!\s*(.*)", text):
        text, taken = (found[1], taken) if found[1] is not None else (found[2], not taken)
        text = text.strip()
    if found := re.fullmatch(rf"\(({LVALUE}) = ([A-Za-z_]\w*) ?\(.*\)\)( != 0| < 0| == NULL|)", text):
        pointer = found[3] == " == NULL" or (not found[3] and not taken)
        fails = taken == bool(found[3]) if pointer else taken and _hands_up(breach.statement, found[1])
        return f"{found[2]}() fails" if fails and not found[2].isupper() else ""
    if (
        (found := re.fullmatch(r"\w+\s*\((\w+)\)", text))
        and not taken
        and (call := _fills(lines, branch.line, found[1]))
    ):
        return f"{call} fails"
    failing = (
        (rf"({LVALUE})", False, True),
        (rf"({LVALUE}) == NULL", True, True),
        (rf"IS_ERR(?:_OR_NULL)?\s*\(\s*({LVALUE})\s*\)", True, True),
        (rf"({LVALUE}) < 0", True, False),
        (rf"({LVALUE})(?: != 0)?", True, False),
    )
    for pattern, wanted, pointer in failing:
        found = re.fullmatch(pattern, text)
        if found and wanted == taken and (call := _result_of(lines, branch.line, found[1])):
            plain = pattern == failing[0][0] or pattern == failing[4][0]
            if plain and pointer != _is_pointer_place(found[1], lines, branch.line):
                continue
            if not pointer and not _hands_up(breach.statement, found[1]):
                return ""
            return f"{call} fails"
    called = re.fullmatch(r"([a-z_]\w*)\s*\(.*\)", text)
    if called and taken and tried(called[1]) and _ends_with_error(lines, branch, breach.statement):
        return f"{called[1]}() fails"
    if found := re.fullmatch(rf"({LVALUE}) ([!=])= ([A-Z][A-Z0-9_]+)", text):
        call = _result_of(lines, branch.line, found[1])
        says = "returns" if (found[2] == "=") == taken else "does not return"
        return f"{call} {says} {found[3]}" if call else ""
    return ""


def _ends_with_error(lines: list[str], branch: _Branch, statement: str) -> bool:
    """Whether an exit returns an error number, or one is set in the body of the branch that leads to it."""
    body = "\n".join(_body_of(lines, branch))
    return re.search(r"(?:\breturn\b.*|= )-E[A-Z]+\b", f"{statement}\n{body}") is not None


def _body_of(lines: list[str], branch: _Branch) -> list[str]:
    """The first lines of the body of a branch, by their indentation."""
    depth = _indent(lines[branch.line - 1])
    window = lines[branch.line : branch.line + _BODY]
    return list(takewhile(lambda line: not line.strip() or _indent(line) > depth, window))


def _fills(lines: list[str], line: int, owner: str) -> str:
    """The call right above a line that fills a member of something: a test of that something alone looks at the member."""
    above = "\n".join(lines[max(0, line - 1 - _CONDITION) : line - 1])
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
    called = re.match(r"([A-Za-z_]\w*)\s*\(([^()]*)", above[every[-1].end() :]) if every else None
    if called is None or called[1].isupper() or re.search(r"^\s*\w+:\s*$", above[every[-1].end() :], re.MULTILINE):
        return ""
    others = re.findall(rf"\b{called[1]}\s*\(([^()]*)", _above(lines, line))
    told = called[2] if re.fullmatch(r"[A-Z][A-Z0-9_]+", called[2]) and len(set(others)) > 1 else ""
    return f"{called[1]}({told})"


def _is_pointer_place(place: str, lines: list[str], line: int) -> bool:
    """Whether a variable is declared as a pointer; a member is one when what fills it gets something."""
    if re.search(r"->|\.", place):
        return re.search(r"alloc|get|find|open|dup|create|make|new", _result_of(lines, line, place)) is not None
    return is_pointer(place, _above(lines, line))


def _branch(lines: list[str], line: int) -> _Branch | None:
    """The `if` whose condition reaches into a line; nothing where it is no plain `if`."""
    for start in range(line, max(0, line - _CONDITION), -1):
        if found := re.match(r"\s*(?:\}\s*else\s+)?if\s*\(", lines[start - 1]):
            text = "\n".join([lines[start - 1][found.end() :], *lines[start : start + _CONDITION]])
            inside = _balanced(re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found[0]), text))
            if inside is None or start + inside.count("\n") < line:
                return None
            parts = [" ".join(part.split()) for part in _split(inside)]
            operators = set(parts[1::2])
            return _Branch(
                start, tuple(parts[::2]), operators.pop() if len(operators) == 1 else "mixed" if operators else ""
            )
    return None


def _balanced(text: str) -> str | None:
    """What stands before the bracket that closes one opened before the text."""
    depth = 1
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text[:place]
    return None


def _split(condition: str) -> list[str]:
    """Operands and the && and || between them that are in no brackets."""
    parts, depth, place = [""], 0, 0
    while place < len(condition):
        if depth == 0 and condition[place : place + 2] in ("&&", "||"):
            parts += [condition[place : place + 2], ""]
            place += 2
            continue
        depth += (condition[place] == "(") - (condition[place] == ")")
        parts[-1] += condition[place]
        place += 1
    return parts


def _entered(lines: list[str], branch: _Branch, exit_line: int, condition: str, *, taken: bool) -> bool | None:
    """Whether the way to the exit goes through the body of the branch; None where the branch does not decide."""
    depth = _indent(lines[branch.line - 1])
    inner = [line for line in lines[branch.line : exit_line] if line.strip() and not line.startswith("#")]
    others = [line for line in inner if _indent(line) <= depth and not re.match(r"\s*[&|)]", line)]
    if not others:
        return True
    if all(re.match(r"\s*\}?\s*else\s*\{?$", line) for line in others) and inner[-1] not in others:
        return False
    jumps = any(re.match(r"\s*goto\b", line) for line in _body_of(lines, branch))
    if jumps and branch.operator == "&&" and taken and _bare(branch.operands[-1]) == _bare(condition):
        return True
    if len(branch.operands) == 1 and jumps:
        plain = _bare(branch.operands[0])
        return (
            True if (plain == _bare(condition)) == taken and (plain == _bare(condition) or plain[:1] == "!") else None
        )
    return None


def _body_makes(lines: list[str], branch: _Branch, owed: tuple[str, ...]) -> bool:
    """Whether what is owed stands in the body of a branch with one test, which the way then has not entered."""
    text = "\n".join(_body_of(lines, branch))
    return len(branch.operands) == 1 and any(f"{name}(" in text for name in owed)


def _bare(text: str) -> str:
    """A condition without blanks, unlikely() and outer brackets."""
    while found := re.fullmatch(rf"{SAME}\s*\((.*)\)|\(([^()]*)\)", text.strip()):
        text = found[1] or found[2] or ""
    return re.sub(r"\s", "", text)


def _branch_words(branch: _Branch, condition: str, above: str, *, entered: bool, taken: bool) -> str:
    """What holds when the branch goes the way it goes: all of it where all of it is needed."""
    if len(branch.operands) == 1:
        return said_of(branch.operands[0], above, taken=entered)
    if branch.operator == ("&&" if entered else "||"):
        said = [said_of(operand, above, taken=entered) for operand in branch.operands]
        waits = [one for one in said if " is interrupted by a " in one]  # which says that it came to the wait
        return together(waits or said)
    if branch.operator in ("&&", "||"):
        return said_of(condition, above, taken=taken)
    return "x" * (_LONGEST + 1)


def _above(lines: list[str], line: int) -> str:
    """The part of a function above one of its lines."""
    window = lines[max(0, line - _WINDOW) : line]
    ends = [number for number, text in enumerate(window) if text.startswith("}")]
    return "\n".join(window[ends[-1] + 1 if ends else 0 :])


def _indent(line: str) -> int:
    """How far a line is indented, in columns."""
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())
