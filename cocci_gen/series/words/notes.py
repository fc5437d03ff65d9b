"""The notes of a finding's evidence -> what a message says of them.

The kinds leave notes of what they have seen beside the way itself: who does it right, what comes of it, what the fix leaves.
Each form of a note has one reader here, and what is not recognised is not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.findings.findings import (
    DROPPED_HERE,
    FOR_READING,
    LEFT_HERE,
    NEVER_WRITTEN,
    TAKEN_WITH,
    WHICH_IT_ALLOCATES,
    WRITTEN_WITH,
    Finding,
)
from cocci_gen.series.words.condition import jump_words


def precedent(finding: Finding) -> tuple[str, str]:
    """A function that does already what the fix does, and the wait after which it does so."""
    found = (re.match(r"(\w+\(\)) returns \w+ when (\w+\(\)) is interrupted$", step.note) for step in finding.evidence)
    return next(((one[1], one[2]) for one in found if one), ("", ""))


#: What a finding tells of writeback -> what comes of a page that was dirtied without more.
_LATER = {
    r"(\w+\(\)) comes to BUG\(\) without private data$": r"Unless it has private data already, \1 then hits BUG().",
    r"(\w+\(\)) returns 0 where (\w+\(\)) finds no private data$": (
        r"Unless it has private data already, \2 finds none at writeback, and \1 returns 0 with nothing written: what is "
        r"stored through the mapping is lost silently."
    ),
    r"(\w+\(\)) takes from the private data which part to write$": (
        r"\1 writes only the part of it that the private data names, which knows nothing of this fault: "
        r"what is stored through the mapping outside of that part is lost silently."
    ),
}


#: Who stores through a mapping, where a killed task does not come back to user mode.
_STORED = "what is stored through the mapping"
_STORED_BY_OTHERS = "what copy_to_user(), or a process that shares the memory, stores through the mapping"


def names_part(finding: Finding) -> bool:
    """Whether writeback looks in the private data which part of a page to write."""
    return any(
        re.match(r"\w+\(\) takes from the private data which part to write$", step.note) for step in finding.evidence
    )


def later(finding: Finding, *, killed: bool) -> str:
    """What writeback makes of the page, as a sentence; `killed` tells that the task that has faulted gets a fatal signal."""
    found = (
        one.expand(says)
        for form, says in _LATER.items()
        for step in finding.evidence
        if (one := re.match(form, step.note))
    )
    return next(found, "").replace(_STORED, _STORED_BY_OTHERS if killed else _STORED)


#: Why a way is left -> the same of the call that fails there.
_STAYS = {
    "the call that it comes from warns when it fails": (
        "that call warns of a bug then, and the {resource} would come back for ever"
    ),
    "the file system drops the data on purpose": "the file system drops the data there on purpose",
}


def stays(finding: Finding, base: bytes) -> Iterator[tuple[str, str]]:
    """The ways that come to the same exit and that the fix leaves, each with its cause and the reason."""
    for step in finding.evidence:
        reason = next((says for why, says in _STAYS.items() if why in step.note), "")
        if step.note.startswith(LEFT_HERE) and reason and (cause := jump_words(step.line, base)):
            yield cause, reason.format(resource=finding.breach.resource or "page")


#: Why data is not kept -> the same in a message.
_DROPPED = {
    "the function warns of it": "the function warns of it, and would at every later try",
    "the file system drops the data on purpose": "its data is dropped there on purpose, and a later try would end there too",
    "what it holds counts no more": "it is no longer uptodate there, and what is dirty has to be",
}


def dropped(finding: Finding) -> str:
    """Why the data of a page is not kept."""
    notes = [step.note for step in finding.evidence if step.note.startswith(DROPPED_HERE)]
    return next((says for why, says in _DROPPED.items() for note in notes if why in note), "")


def undone(finding: Finding) -> tuple[str, str]:
    """A ->kill_sb, and a call that it does not make where this exit makes it."""
    found = (re.match(r"(\w+\(\)) does not call (\w+\(\)) then, ", step.note) for step in finding.evidence)
    return next(((one[1], one[2]) for one in found if one), ("", ""))


def signalled(finding: Finding) -> tuple[str, bool]:
    """A call that may fail for a signal, and whether it loses then what it was to write, and records that."""
    called = noted(finding, r"(\w+\(\)) may fail for a signal, as \w+\(\) does with -E[A-Z]+$")
    lost = noted(finding, r"(\w+\(\)) loses what it cannot write, and records the error in the mapping$")
    return called, bool(called) and lost == called


def dead(finding: Finding) -> str:
    """The test of what nothing sets, behind which the fix changes the same code."""
    return noted(finding, r"nothing in this folder makes (\w+\(\)) hold")


def leaks(finding: Finding) -> str:
    """The call that took a reference which only this exit keeps, where the fix gives it back."""
    return noted(finding, r"(\w+\(\)) at line \d+ is not undone here.*; \w+\(\) gives it back")


def taker(finding: Finding) -> str:
    """The call by which the function took what it keeps."""
    return noted(finding, r"(\w+\(\)) takes ")


def taken_line(finding: Finding) -> int:
    """The line in which the function took what it keeps; 0 where none is told."""
    return next((step.line for step in finding.evidence if re.match(r"\w+\(\) takes ", step.note)), 0)


def noted(finding: Finding, form: str) -> str:
    """What the first note of a form names; "" where none has it."""
    found = (re.match(form, step.note) for step in finding.evidence)
    return next((one[1] for one in found if one), "")


def allocates(finding: Finding) -> bool:
    """Whether what the function keeps is memory that the call by which it took that has allocated."""
    return any(re.match(rf"\w+\(\) takes .*{WHICH_IT_ALLOCATES}$", step.note) for step in finding.evidence)


def for_reading(finding: Finding) -> bool:
    """Whether the function has taken the lock that it keeps only to read."""
    return any(re.match(rf"\w+\(\) takes .* {FOR_READING}$", step.note) for step in finding.evidence)


def never_written(finding: Finding) -> bool:
    """Whether nobody takes for writing what is kept for reading."""
    return any(step.note == NEVER_WRITTEN for step in finding.evidence)


def wanted(finding: Finding) -> tuple[str, ...]:
    """The functions by which a lock that is kept is taken, `mutex_lock()`; where it is kept for reading, for writing."""
    form = re.compile(rf"(?:{TAKEN_WITH}|{WRITTEN_WITH}) (.*)")
    found = (form.fullmatch(step.note) for step in finding.evidence)
    return next((tuple(one[1].split(", ")) for one in found if one), ())


def perhaps_back(finding: Finding) -> bool:
    """Whether a doubt says that somebody else may give the thing back."""
    return any(re.match(r"(?:moderate|low): .* may give it back$", step.note) for step in finding.evidence)


def always(finding: Finding) -> bool:
    """Whether nothing is asked between the taking of a thing and the exit but that it is there."""
    name = re.escape(finding.breach.resource_name)
    there = re.compile(rf"`(?:IS_ERR(?:_OR_NULL)?\({name}\)|!?{name}(?: [!=]= NULL)?)` is (?:true|false)")
    taken = next((n for n, step in enumerate(finding.evidence) if re.match(r"\w+\(\) takes ", step.note)), None)
    behind = finding.evidence[taken + 1 : -1] if taken is not None and name else ()
    return bool(behind) and all(there.fullmatch(step.note) for step in behind)
