"""Breach -> words for the condition that leads to it.

Said is only what decides: the condition of a branch that the exit stands in, or that jumps to it.  A branch that was
merely passed on the way there says nothing, and so nothing is said of it.
"""

from __future__ import annotations

import re

from cocci_gen.findings.findings import Breach
from cocci_gen.series.words.branches import BODY, Branch, body_of, branch_at, indent, text_above
from cocci_gen.series.words.failures import cause
from cocci_gen.series.words.predicates import LVALUE, SAME, said_of, together

#: Of several calls in a function, the one that is in a loop.
IN_LOOP = " in the loop"
_LONGEST = 100
_LOOP = re.compile(r"\s+(?:for|while|do|\w*for_each\w*)\b")
_SWITCH = re.compile(rf"\s*switch \(({LVALUE})\) \{{\s*")


def condition_words(breach: Breach, exit_line: int, base: bytes, taken_line: int = 0) -> str:
    """A breach, the line of its exit and the text of the file -> ` when x is NULL`, or nothing.  What was taken ahead of the
    whole condition, at `taken_line`, is kept whichever of several tests leads to the exit."""
    lines = base.decode("utf-8", "surrogateescape").split("\n")
    text = " ".join(breach.condition.split())
    if not text or not 0 < breach.condition_line < exit_line <= len(lines):
        return ""
    branch = branch_at(lines, breach.condition_line)
    if branch is None:
        looped = _LOOP.match(
            lines[breach.condition_line - 1]
        )  # what goes wrong each time round is asked for ahead of it
        return _when(_around(lines, exit_line, taken_line), "") if looped else ""
    if branch.line < taken_line <= exit_line and not _holds(lines, branch, taken_line):
        return ""  # it was asked before the taking, whatever it has told
    entered = _entered(lines, branch, exit_line, text, taken=breach.taken)
    if entered is None and not breach.taken and _body_makes(lines, branch, breach.missing):
        entered = False
    if entered is None:
        failed = cause(lines, branch, breach.statement, entered=False) if _leaves(lines, branch) else ""
        return f" when {failed}" if failed else _when(_around(lines, exit_line, taken_line), "")
    above, ahead = text_above(lines, exit_line), 0 < taken_line < branch.line
    said = _any_words(lines, branch, breach, entered=entered) if ahead else ""
    said = said or _branch_words(branch, text, above, entered=entered, taken=breach.taken)
    failed = cause(lines, branch, breach.statement, entered=entered)
    failed += IN_LOOP if _is_one_in_a_loop(lines, branch.line, failed) else ""
    return _when(failed or said, _failed_around(lines, branch, taken_line) if not failed else "")


def _holds(lines: list[str], branch: Branch, line: int) -> bool:
    """Whether a line stands in the body of a branch, or in what is done else."""
    depth = indent(lines[branch.line - 1])
    inner = (text for text in lines[branch.line : line] if text.strip() and not text.startswith("#"))
    return all(indent(text) > depth or re.match(r"\s*(?:\}\s*else\b|else\b|[&|)])", text) for text in inner)


def _when(said: str, around: str) -> str:
    """What is said of a test, behind the failure that has led to it, if there is one; nothing where it is too long to be read."""
    whole = f"{around} and {said}" if around else said
    return f" when {whole}" if 0 < len(said) <= _LONGEST and whole.isprintable() else ""


def _around(lines: list[str], line: int, taken_line: int) -> str:
    """What holds wherever a line is come to, by the `if` behind the taking that it stands in; nothing where there is none."""
    depth, above = indent(lines[line - 1]), text_above(lines, line - 1).count("\n")
    for number in range(line - 1, line - 1 - above, -1):
        if not lines[number - 1].strip() or lines[number - 1].startswith("#") or indent(lines[number - 1]) >= depth:
            continue
        if _LOOP.match(lines[number - 1]):
            depth = indent(lines[number - 1])
            continue
        outer = branch_at(lines, number)
        if outer is None or outer.line <= taken_line or (len(outer.operands) > 1 and outer.operator != "&&"):
            return ""
        failed = cause(lines, outer, "", entered=True)
        said = [said_of(operand, text_above(lines, line), taken=True) for operand in outer.operands]
        return failed or together(said)
    return ""


def _failed_around(lines: list[str], branch: Branch, taken_line: int) -> str:
    """The call that has failed where a branch stands in the body of another one behind the taking: both are needed."""
    depth = indent(lines[branch.line - 1])
    above = text_above(lines, branch.line - 1).count("\n")
    for number in range(branch.line - 1, branch.line - 1 - above, -1):
        if not lines[number - 1].strip() or lines[number - 1].startswith("#") or indent(lines[number - 1]) >= depth:
            continue
        outer = branch_at(lines, number)
        if outer is None or outer.line <= taken_line or len(outer.operands) != 1:
            return ""
        return cause(lines, outer, "", entered=True)
    return ""


def _is_one_in_a_loop(lines: list[str], line: int, said: str) -> bool:
    """Whether it is the one call in a loop that fails, and the function has such calls outside of it as well."""
    failing = re.fullmatch(r"(\w+)\(\) fails", said)
    begin = line - 1 - text_above(lines, line - 1).count("\n")
    end = next((number for number in range(line, len(lines)) if lines[number].startswith("}")), len(lines))
    heads = [number for number in range(begin, line) if _LOOP.match(lines[number])]
    bodies = [range(head, _closed(lines, head, end)) for head in heads]
    around = [body for body in bodies if line - 1 in body]
    if failing is None or not around:
        return False
    calls = [number for number in range(begin, end) if re.search(rf"\b{failing[1]}\s*\(", lines[number])]
    return len(calls) > 1 and sum(number in around[-1] for number in calls) == 1


def _closed(lines: list[str], head: int, end: int) -> int:
    """The first line behind the body of a loop, by its indentation."""
    inner = (number for number in range(head + 1, end) if lines[number].strip() and not lines[number].startswith("#"))
    return next((number for number in inner if indent(lines[number]) <= indent(lines[head])), end)


def case_words(line: int, base: bytes) -> str:
    """The line of an exit that stands in a switch -> ` when cmd is SET`, for the one case that leads there; or nothing."""
    lines = base.decode("utf-8", "surrogateescape").split("\n")[:line]
    lines = lines[len(lines) - text_above(lines, line).count("\n") - 1 :]
    depth = indent(lines[-1])
    cases = [
        n for n, text in enumerate(lines) if re.match(r"\s*(?:case\b.*|default\s*):", text) and indent(text) < depth
    ]
    if not cases:
        return ""
    ahead = [text.strip() for text in lines[: cases[-1]] if text.strip()]
    named = re.fullmatch(r"\s*case ([A-Z]\w*)\s*:\s*\{?\s*", lines[cases[-1]])
    level = indent(lines[cases[-1]])
    switches = [found for text in lines[: cases[-1]] if indent(text) <= level if (found := _SWITCH.fullmatch(text))]
    body = (text for text in lines[cases[-1] + 1 :] if text.strip() not in ("", "{") and not text.startswith("#"))
    inside = all(indent(text) > level for text in body)
    ends = ahead and re.match(r"(?:break;|return\b.*;|goto \w+;|continue;|switch\b.*|\})$", ahead[-1])
    if named is None or not switches or not inside or not ends:
        return ""  # another case falls into this one
    return f" when {switches[-1][1]} is {named[1]}"


def jump_words(line: int, base: bytes) -> str:
    """The line of a jump that an `if` guards -> ` when f() fails`, or nothing."""
    lines = base.decode("utf-8", "surrogateescape").split("\n")
    inner = indent(lines[line - 1]) if 0 < line <= len(lines) else 0
    for number in range(line - 1, max(0, line - BODY), -1):
        if not lines[number - 1].strip() or indent(lines[number - 1]) >= inner:
            continue
        branch = branch_at(lines, number)
        if branch is None or len(branch.operands) != 1:
            return ""
        above = text_above(lines, line)
        failed = cause(lines, branch, "", entered=True)
        around = _failed_around(lines, branch, 0) if not failed else ""
        return _when(failed or said_of(branch.operands[0], above, taken=True), around)
    return ""


def _entered(lines: list[str], branch: Branch, exit_line: int, condition: str, *, taken: bool) -> bool | None:
    """Whether the way to the exit goes through the body of the branch; None where the branch does not decide."""
    depth = indent(lines[branch.line - 1])
    inner = [line for line in lines[branch.line : exit_line] if line.strip() and not line.startswith("#")]
    others = [line for line in inner if indent(line) <= depth and not re.match(r"\s*[&|)]", line)]
    if not others:
        return True
    if all(re.match(r"\s*\}?\s*else\s*\{?$", line) for line in others) and inner[-1] not in others:
        return False
    jumps = any(re.match(r"\s*goto\b", line) for line in body_of(lines, branch))
    if jumps and branch.operator == "&&" and taken and _bare(branch.operands[-1]) == _bare(condition):
        return True
    if len(branch.operands) == 1 and jumps:
        plain = _bare(branch.operands[0])
        return (
            True if (plain == _bare(condition)) == taken and (plain == _bare(condition) or plain[:1] == "!") else None
        )
    return None


def _body_makes(lines: list[str], branch: Branch, owed: tuple[str, ...]) -> bool:
    """Whether what is owed stands in the body of a branch with one test, which the way then has not entered."""
    text = "\n".join(body_of(lines, branch))
    return len(branch.operands) == 1 and any(f"{name}(" in text for name in owed)


def _leaves(lines: list[str], branch: Branch) -> bool:
    """Whether the body of a branch ends the function, so that whoever comes to a later exit has not been in it."""
    body = [line for line in body_of(lines, branch) if line.strip()]
    return bool(body) and re.match(r"\s*return\b", body[-1]) is not None and indent(body[-1]) == indent(body[0])


def _bare(text: str) -> str:
    """A condition without blanks, unlikely() and outer brackets."""
    while found := re.fullmatch(rf"{SAME}\s*\((.*)\)|\(([^()]*)\)", text.strip()):
        text = found[1] or found[2] or ""
    return re.sub(r"\s", "", text)


def _any_words(lines: list[str], branch: Branch, breach: Breach, *, entered: bool) -> str:
    """What holds when one of several tests leads the way: to name the first alone would be to say that the others do not.  That
    the thing which was taken is not there is left out: nothing is kept then."""
    if len(branch.operands) < 2 or branch.operator != ("||" if entered else "&&"):
        return ""
    above, thing = text_above(lines, branch.line), breach.resource_name
    every = [(operand, said_of(operand, above, taken=entered)) for operand in branch.operands]
    left = [one for one in every if one[1] not in (f"{thing} is NULL", f"{thing} is an error pointer")] or every
    alone = [Branch(branch.line, (operand,), "") for operand, _ in left]
    said = [
        cause(lines, one, breach.statement, entered=entered) or words
        for one, (_, words) in zip(alone, left, strict=True)
    ]
    comma = "," if any(" or " in one for one in said) else ""
    return f"{', '.join(said[:-1])}{comma} or {said[-1]}" if len(said) > 1 else said[0]


def _branch_words(branch: Branch, condition: str, above: str, *, entered: bool, taken: bool) -> str:
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
