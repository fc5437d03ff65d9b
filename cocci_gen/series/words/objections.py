"""The body of a message -> what readers of such messages have objected to.

Each rule stands for objections of people who read patches as their maintainers would (corpus/*.toml).  Unlike the lint, it
refuses nothing: the page of a series tells it beside the patch, for whoever sends it and may have edited the words.
"""

from __future__ import annotations

import re

#: So many lines of plain prose are read; a longer message is skimmed.
PROSE_LINES = 24

_SAID = (
    (
        re.compile(r"\bline \d+\b|\.[chS]:\d+\b"),
        "a line number is another line tomorrow; name the call or the condition",
    ),
    (
        re.compile(r"\w+\(\) returns non-zero\b|\b[A-Z][A-Z0-9_]*\(\w+\) is (?:not )?set\b"),
        "a test is told as C; name the call that fails",
    ),
    (
        re.compile(r"\bwas not told\b|\bas if nothing had happened\b|\bgoes wrong\b|\bsome problem\b"),
        "what happens is not said",
    ),
    (re.compile(r"\b(?:might|maybe|perhaps|probably|presumably|seems? to)\b"), "it is guessed; look, or leave it out"),
    (re.compile(r"\bsemantic patch (?:above|below)\b"), "what the patch does is not said"),
    (re.compile(r"\bwhile it is (?:held|locked)\b"), "name what is held"),
    (re.compile(r"\bmakes of the error or VM_FAULT_\w+"), "say which of the two is returned where"),
    (re.compile(r"\bis still in use when the file system\b"), "say who is told of it"),
    (re.compile(r"\bwould end that too, but\b"), "nobody has asked for another way; say what this one costs"),
    (
        re.compile(r"\ba freeze of the super block waits for\b"),
        "not every file system can be frozen; say who complains",
    ),
)
_SILENT = re.compile(r"\blost silently\b")
_KILLED = re.compile(r"\binterrupted by a fatal signal\b")
_STORES = re.compile(r"\b(?:process that shares|copy_to_user\(\)[^.:]* stores)\b")
_ERROR_GOES_UP = re.compile(r"\breturns -E[A-Z]+\b|\bhands back an error\b")
_TRAILER = re.compile(r"[A-Z][\w-]+: ")


def objections(body: str) -> tuple[str, ...]:
    """What a reader would object to, each once."""
    prose = [
        line for line in body.split("\n") if line.strip() and not line.startswith("  ") and not _TRAILER.match(line)
    ]
    text = " ".join(prose)
    found = [f"{one[0]!r}: {why}" for form, why in _SAID if (one := form.search(text))]
    if _SILENT.search(text) and _ERROR_GOES_UP.search(text):
        found.append("'lost silently': an error goes up, so somebody is told")
    if _SILENT.search(text) and _KILLED.search(text) and not _STORES.search(text):
        found.append("'lost silently': a killed task stores nothing more; say who does")
    if len(prose) > PROSE_LINES:
        found.append(f"{len(prose)} lines of prose: say the path, what comes of it, what is done, and no more")
    return tuple(found)
