"""Stage 8 of 8: Finding -> FindingWords.

What a finding says in English: facts only, each from the finding itself or from the text of its file.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from cocci_gen.findings import Edit, Finding, Step
from cocci_gen.obligations import FOOTNOTE, PROSE, PROTOTYPES
from cocci_gen.patch_plans import PatchPlan

_COLUMNS = 72
_LONGEST_CONDITION = 60
_LVALUE = r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*"
_NO_CALL = frozenset({"if", "while", "for", "switch", "return", "sizeof", "else", "do", "goto", "likely", "unlikely"})
#: How far above an exit its function is looked at.
_WINDOW = 400


@dataclass(frozen=True, slots=True)
class RuleWords:
    """The rule of this tree: where it stands, in which column ("" for prose), and what it says, indented."""

    path: str
    line: int
    struct: str
    method: str
    column: str
    quote: str


@dataclass(frozen=True, slots=True)
class FindingWords:
    """One finding in words; `result` and `when` are empty where they are not known."""

    function: str
    method: str
    file: str
    line: int
    resource: str
    exits: str
    result: str
    when: str
    rule: RuleWords
    tables: tuple[str, ...]


def words_of(finding: Finding, base: bytes) -> FindingWords:
    """A finding and the text of its file -> its words."""
    breach, obligation = finding.breach, finding.obligation
    column = "" if obligation.column in (PROSE, FOOTNOTE, PROTOTYPES) else " ".join(obligation.column.split())
    source = obligation.source
    quote = indented(" ".join(source.quote.split()))
    rule = RuleWords(source.path, source.line, obligation.struct, obligation.method, column, quote)
    exits, result = _exit(breach.statement)
    above = _above(base, finding.line)
    when = _when(breach.condition, breach.condition_line, above, taken=breach.taken)
    tables = tuple(
        dict.fromkeys(
            f"->{obligation.method}() of {table.variable} ({table.file}:{table.line})"
            if table.variable
            else f"->{obligation.method}() ({table.file}:{table.line})"
            for table in finding.registrations
        )
    )
    resource = breach.resource or obligation.resource
    return FindingWords(
        finding.function, obligation.method, finding.file, finding.line, resource, exits, result, when, rule, tables
    )


def listed(words: Sequence[str], most: int = 4) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c and 2 more`."""
    words = list(words)
    if len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def plural(things: Sequence[object], one: str, many: str) -> str:
    """The word that fits the number of things."""
    return one if len(things) == 1 else many


def places(findings: Sequence[FindingWords]) -> str:
    """Findings -> an indented list of where each goes wrong."""
    entries = (f"{words.function}() {words.exits} in line {words.line}{words.when}" for words in findings)
    return "\n".join(
        textwrap.fill(
            entry,
            _COLUMNS,
            initial_indent="  - ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for entry in entries
    )


def evidence(step: Step) -> str:
    """One step of the path as an indented line."""
    return indented(f"{step.file}:{step.line}: {' '.join(step.note.split())}")


def indented(text: str) -> str:
    """A quotation, wrapped and indented by two blanks."""
    return textwrap.fill(
        text, _COLUMNS, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def smpl_block(text: str) -> str:
    """A semantic patch as it stands in a message: no comments, indented, no line too long for checkpatch."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip() and not line.startswith("//")]
    folded = [part for line in lines for part in _folded(line)]
    return "\n".join(["  // <smpl>", *(f"  {line}" for line in folded), "  // </smpl>"])


def added_calls(plan: PatchPlan) -> tuple[str, ...]:
    """The functions that a patch calls where they were not called before, in order."""
    return _calls([edit for _, edits in plan.edits for edit in edits])


def repair_of(plan: PatchPlan) -> str:
    """Which half of the writeback contract a patch adds: `redirty`, `writeback`, or `` for both or neither."""
    calls = added_calls(plan)
    redirties = any("redirty" in call for call in calls)
    writes = any("writeback" in call and "redirty" not in call for call in calls)
    return "redirty" if redirties and not writes else "writeback" if writes and not redirties else ""


def fix_words(plan: PatchPlan) -> str:
    """What a patch does, as one sentence in the imperative."""
    edits = [edit for _, edits in plan.edits for edit in edits]
    calls = [f"{call}()" for call in _calls(edits)]
    labels = list(_labels(edits))
    where = "there"
    if all(finding.breach.statement.lstrip().startswith("return") for finding in plan.findings):
        where = plural(plan.findings, "before that return", "before these returns")
    jump = f"jump to the label {listed(labels)} instead of returning" if labels else ""
    if calls and jump:
        return f"Call {listed(calls)} and {jump}."
    if jump:
        return f"{jump[0].upper()}{jump[1:]}: {_what_a_label_does(plan, labels)}"
    return f"Call {listed(calls)} {where}." if calls else "Change the exit accordingly."


def _what_a_label_does(plan: PatchPlan, labels: Sequence[str]) -> str:
    """Which of the owed calls stand behind the labels in the text of the file; said only where they are seen."""
    owed = {call for finding in plan.findings for call in finding.breach.missing}
    for file in plan.files:
        text = file.after.decode("utf-8", "surrogateescape")
        for label in labels:
            for found in re.finditer(rf"^\s*{re.escape(label)}:(?P<code>[^}}]*)", text, re.MULTILINE):
                seen = [f"{call}()" for call in sorted(owed) if re.search(rf"\b{re.escape(call)}\s*\(", found["code"])]
                if seen:
                    return f"the code there calls {listed(seen)}."
    return "the code there cleans up."


def _calls(edits: Sequence[Edit]) -> tuple[str, ...]:
    """The functions called in new lines, but not in the lines that these replace."""
    names: dict[str, None] = {}
    for edit in edits:
        before = set(_called(edit.old))
        names.update(dict.fromkeys(name for name in _called(edit.new) if name not in before))
    return tuple(names)


def _called(lines: Sequence[bytes]) -> list[str]:
    """Names before an opening bracket."""
    text = b"".join(lines).decode("utf-8", "surrogateescape")
    return [name for name in re.findall(r"\b([A-Za-z_]\w*)\s*\(", text) if name not in _NO_CALL]


def _labels(edits: Sequence[Edit]) -> list[str]:
    """The labels that new lines jump to."""
    text = b"".join(line for edit in edits for line in edit.new).decode("utf-8", "surrogateescape")
    return list(dict.fromkeys(re.findall(r"\bgoto\s+(\w+)\s*;", text)))


def _exit(statement: str) -> tuple[str, str]:
    """`return -EIO;` -> (`returns -EIO`, `-EIO`); the second is empty where it is no constant."""
    squeezed = " ".join(statement.split())
    if found := re.fullmatch(r"return\s*\(?(-?[A-Z][A-Z0-9_]+|\d+)\)?\s*;?", squeezed):
        return f"returns {found[1]}", found[1]
    if (found := re.fullmatch(r"return\s+(.+?)\s*;?", squeezed)) and len(found[1]) <= 40:
        return f"returns {found[1]}", ""
    if squeezed.startswith("return"):
        return "returns", ""
    return "ends", ""


def _above(base: bytes, line: int) -> str:
    """The part of a function above one of its lines."""
    lines = base.split(b"\n")[max(0, line - _WINDOW) : line]
    starts = [number for number, text in enumerate(lines) if text.startswith(b"}")]
    return b"\n".join(lines[starts[-1] + 1 if starts else 0 :]).decode("utf-8", "surrogateescape")


def _when(condition: str, line: int, above: str, *, taken: bool) -> str:
    """A C condition -> ` when ...`, or nothing for an exit that every call reaches."""
    text = " ".join(condition.split())
    if not text:
        return ""
    while found := re.fullmatch(r"(?:un)?likely\s*\((.*)\)|\(([^()]*)\)", text):
        text = (found[1] or found[2] or "").strip()
    where = f" (line {line})" if line else ""
    if found := re.fullmatch(rf"(!?)\s*({_LVALUE})", text):
        zero = bool(found[1]) == taken
        nothing = "NULL" if _is_pointer(found[2], above) else "0"
        return f" when {found[2]} is {nothing if zero else f'not {nothing}'}{where}"
    if found := re.fullmatch(rf"IS_ERR\s*\(\s*({_LVALUE})\s*\)", text):
        return f" when {found[1]} is {'an' if taken else 'no'} error pointer{where}"
    if len(text) > _LONGEST_CONDITION or not text.isprintable():
        return f" when the condition in line {line} {'holds' if taken else 'does not hold'}" if line else ""
    return f" {'when' if taken else 'unless'} {text}{where}"


def _is_pointer(name: str, above: str) -> bool:
    """Whether the function declares this name as a pointer."""
    return (
        re.search(rf"\b(?:struct\s+\w+|void|char|\w+_t)\s+(?:\w+\s+)?\*+\s*{re.escape(name)}\s*[=;,)]", above)
        is not None
    )


def _folded(line: str, room: int = _COLUMNS) -> list[str]:
    """A line of SmPL -> lines that fit; the sign in the first column and the indentation are repeated."""
    lines = []
    sign = line[0] if line[0] in "+-*" else ""
    indent = sign + " " * (len(line) - len(line[len(sign) :].lstrip()) - len(sign) + 4)
    while len(line) > room:
        cut = max(line.rfind(mark, len(indent), room) + len(mark) for mark in (", ", "\\|", " "))
        if cut <= len(indent) + 1:
            break
        lines.append(line[:cut].rstrip())
        line = indent + line[cut:].lstrip()
    return [*lines, line]
