"""SmPL that mends one kind of exit, and what stands right before some of them -> the SmPL that mends those and no others.

A pattern ends at `goto out;`, and a function has ten of these: to how many the ways lead that the pattern describes, spatch and
the engine do not always agree on.  Who runs the semantic patch of a mail is to get the patch of the mail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RULE = re.compile(r"^(?=@\w+(?: exists)?@$)", re.MULTILINE)
_HEAD = re.compile(r"@(\w+)((?: exists)?)@\n")
_DECLARED = re.compile(r"\n@@\n")
_WORD = re.compile(r"[A-Za-z_]\w*")
#: The way from what takes to an exit, behind which stands what must not be on it.
_ON_ITS_WAY = re.compile(r"^ \.\.\. when any\n(?=     when != )", re.MULTILINE)
#: What stands behind an `else`, as a metavariable.
_OTHER = "\nstatement other_branch;"
#: What a metavariable is declared as; a symbol is no metavariable.
_METAVARIABLES = re.compile(r"^(?:expression|identifier|statement|type|position) ([^;=]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class Lead:
    """What stands right before an exit: statements, and, where `test` is not "", the condition of the `if` that holds no more;
    `loop` is the head of the loop around that, "" for none, and `other` tells that the `if` has an `else`, of which a pattern
    without one says nothing."""

    ending: str
    statements: tuple[str, ...]
    test: str
    loop: str = ""
    other: bool = False


def narrowed(text: str, leads: Sequence[Lead]) -> str:
    """SmPL whose rules change an exit each, and the leads of the exits that it is to change -> the same with a rule for each of
    these leads; "" where a rule has another form, or a lead holds a word that means something else in it."""
    head, *rules = _RULE.split(text)
    made = [_narrowed_rule(rule, leads) for rule in rules]
    return head + "".join(made) if all(made) else ""


def in_one_round(text: str, head: str) -> str:
    """SmPL whose rules lead from a call to an exit, and a function that a further round of the loop around both would call -> the
    same for one round; "" where no rule has that form."""
    alone = _ON_ITS_WAY.sub(rf"\g<0>     when != {head}(...)\n", text)
    return alone if alone != text else ""


def _narrowed_rule(rule: str, leads: Sequence[Lead]) -> str:
    """A rule for each lead of its exit; "" where there is none."""
    top, middle = _HEAD.match(rule), _DECLARED.search(rule)
    if top is None or middle is None:
        return ""
    lines = rule[middle.end() :].split("\n")
    changed = [number for number, line in enumerate(lines) if line.startswith(("+", "-"))]
    if not changed or changed != list(range(changed[0], changed[-1] + 1)):
        return ""
    taken = [lines[number][1:].strip() for number in changed if lines[number].startswith("-")]
    ending = taken[0] if len(taken) == 1 else lines[changed[-1] + 1].strip()
    end = changed[-1] + (1 if taken else 2)  # an exit that stays stands behind what is added
    found = dict.fromkeys(lead for lead in leads if lead.ending == ending)
    metavariables = set(_WORD.findall(" ".join(_METAVARIABLES.findall(rule[: middle.start()]))))
    if any(metavariables & _words(lead) for lead in found):
        return ""
    above, change, below = lines[: changed[0]], lines[changed[0] : end], lines[end:]
    declared, ends = rule[top.end() : middle.start()], rule[middle.start() : middle.end()]
    return "".join(
        f"@{top[1]}_{number}{top[2]}@\n{declared}{_OTHER if lead.other and lead.test else ''}{ends}"
        + "\n".join([*above, *_led(change, lead), *below])
        for number, lead in enumerate(found, 1)
    )


def _led(change: Sequence[str], lead: Lead) -> list[str]:
    """The lines of a change and its exit behind what stands before them."""
    body = [*(f" {statement}" for statement in lead.statements), *change]
    if lead.test:
        sign = " " if lead.statements else "+"  # a lone statement gets its braces with what is added
        body = [f" if ({lead.test})", f"{sign}{{", *body, f"{sign}}}"]
        body += [" else other_branch"] if lead.other else []
    if lead.loop:
        body = [f" {lead.loop}", " {", " ... when any", *body, " ... when any", " }"]
    return body


def _words(lead: Lead) -> set[str]:
    return set(_WORD.findall(" ".join((*lead.statements, lead.test, lead.loop))))
