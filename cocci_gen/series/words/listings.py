"""Things of a message -> lists in words: `a, b and c`, indented entries, the steps of a path."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from cocci_gen.findings.findings import ALSO_HERE, BY_HERE, LEFT_HERE, OF_OTHERS, Finding, Step
from cocci_gen.series.words.rule_book import indented

_COLUMNS = 72
#: A step from a function to one that it calls.
_CALLS = re.compile(r"\w+\(\) calls \w+\(\)")
_COUNTS = dict(enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1))


def listed(words: Sequence[str], most: int = 4) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c and 2 more`."""
    words = list(words)
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int) -> str:
    """`two`, and `12`."""
    return _COUNTS.get(number, str(number))


def plural(things: Sequence[object], one: str, many: str) -> str:
    """The word that fits the number of things."""
    return one if len(things) == 1 else many


def entries(texts: Iterable[str]) -> str:
    """Texts -> an indented and filled list, one entry below the other."""
    return "\n".join(
        textwrap.fill(
            entry,
            _COLUMNS,
            initial_indent="  - ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for entry in texts
    )


def evidence(step: Step) -> str:
    """One step of the path as an indented line; the value that a return names itself is not said again."""
    note = re.sub(r"(`return \(?(\w+)\)?;` is reached), and the value is \2$", r"\1", " ".join(step.note.split()))
    note = re.sub(rf"^{re.escape(LEFT_HERE)}: (`[^`]*`): ", r"what comes here by \1 is left as it is, as ", note)
    return indented(f"{step.file}:{step.line}: {note}")


def path_steps(steps: Sequence[Step]) -> list[Step]:
    """The steps of a path itself: what else the function does to the page is for who judges the finding, not for the list."""
    return _taken_in_place(
        [
            step
            for step in steps
            if not re.search(
                r"\]: (?:not passed on this path|no path to this return is known|passed, does not discharge)", step.note
            )
            and not step.note.startswith(OF_OTHERS)
        ]
    )


def _taken_in_place(steps: list[Step]) -> list[Step]:
    """The step that takes what is kept behind those that the path has before it: some kinds tell it first."""
    place = next((number for number, step in enumerate(steps) if re.match(r"\w+\(\) takes ", step.note)), len(steps))
    if place == len(steps):
        return steps
    taken, others = steps[place], steps[place + 1 :]
    ahead = list(takewhile(lambda one: one.file == taken.file and one.line < taken.line, others))
    return [*steps[:place], *ahead, taken, *others[len(ahead) :]]


@dataclass(frozen=True, slots=True)
class ShownPath:
    """The way to one finding as it is shown: its steps, the line of the further places that are mended ("" for none), and the
    tables, where they were not named before.  With `again` an earlier one is of the same function and rule, and `steps` are those
    that it has not.  What `led` to the function are calls of others, of which no more is known than that they stand there."""

    finding: Finding
    again: bool
    steps: tuple[Step, ...]
    also: str
    tables: tuple[str, ...]
    led: bool = False


def paths(findings: Sequence[Finding]) -> Iterator[ShownPath]:
    """The ways to some findings, nothing twice."""
    shown: dict[tuple[str, str, str], dict[Step, None]] = {}
    named: set[tuple[str, ...]] = set()
    for finding in findings:
        key = (finding.file, finding.function, finding.obligation.id)
        every = path_steps(finding.evidence)
        # A further round of a loop is told by what comes out otherwise in it.
        steps = list(dict.fromkeys(step for step in every if step.note not in (ALSO_HERE, BY_HERE)))
        fixed = sorted({step.line for step in every if step.note in (ALSO_HERE, BY_HERE)})
        before = shown.setdefault(key, {})
        new = [step for step in steps if step not in before]
        where = tuple(tables(finding))
        yield ShownPath(
            finding,
            again=bool(before),
            steps=tuple(new or steps[-1:]),
            also=_also_fixed(fixed) if fixed else "",
            tables=() if before and where in named else where,
            led=finding.obligation.kind == "gives_back" and any(_CALLS.fullmatch(step.note) for step in every),
        )
        before.update(dict.fromkeys(steps))
        named.add(where)


def _also_fixed(lines: Sequence[int]) -> str:
    return indented(f"also fixed: {plural(lines, 'line', 'lines')} {listed([str(line) for line in lines], len(lines))}")


def _registered(method: str, variable: str) -> str:
    """`variable` is an operations table, nothing, or a generic function that calls it as it would call the method."""
    if variable.endswith("()"):
        return f"the callback that {variable} calls as ->{method}()"
    return f"->{method}() of {variable}" if variable else f"->{method}()"


def tables(finding: Finding) -> list[str]:
    """The operations tables through which the function of a finding is reached, in words."""
    method = finding.obligation.method
    found = (f"{_registered(method, one.variable)} ({one.file}:{one.line})" for one in finding.registrations)
    return list(dict.fromkeys(found))
