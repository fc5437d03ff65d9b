"""Judged -> the page by which a person judges it: rule, path, source, fix, and what the filters say.

Everything that comes from a tree is cleaned on its way: no control character, no direction mark and no markup of its own
reaches the terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.syntax import Syntax
from rich.text import Text

from cocci_gen.code.texts.source import file_facts
from cocci_gen.facts.calls.steps import Step
from cocci_gen.filters import Reason, Rejected
from cocci_gen.findings.findings import Finding, Fix, split_lines
from cocci_gen.runs.baseline import Ruling
from cocci_gen.runs.rulings import FILTER, words
from cocci_gen.scan.pipeline import Judged

#: A function of at most so many lines is shown whole; of a longer one, this much around each marked line.
_WHOLE = 70
_AROUND = 5
#: Files of which a page is remembered to have asked.
_FILES = 512
_COLUMNS = 300


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that cannot be shown, and why."""

    reason: str


Source = Callable[[str], bytes | Missing]


def shown(text: str) -> str:
    """Words of a tree as a terminal may have them: one line, tabs as spaces, nothing invisible, not endless."""
    plain = text.rstrip("\r\n").expandtabs(8)
    clean = "".join(one if one.isprintable() and unicodedata.category(one) != "Cf" else "?" for one in plain)
    return clean if len(clean) <= _COLUMNS else f"{clean[:_COLUMNS]} [{len(clean) - _COLUMNS} more columns]"


def page(judged: Judged, ruling: Ruling | None, source: Source) -> Text:
    """All that is known of a finding, to be printed as it is."""
    text = Text()
    for part in (_head(judged), _path(judged.finding), _sources(judged.finding, source), _fix(judged)):
        text.append_text(part)
    text.append_text(_verdicts(judged, ruling))
    return text


def _line(style: str, *parts: str) -> Text:
    return Text().append(f"{' '.join(map(shown, parts))}\n", style)


def _head(judged: Judged) -> Text:
    finding, rule = judged.finding, judged.finding.obligation.source
    style = {"high": "bold red", "moderate": "bold yellow", "low": "bold"}[finding.confidence]
    text = _line(style, f"{finding.file}:{finding.line}", f"{finding.function}():", finding.message)
    text.append_text(_line("", "  confidence ", finding.confidence.value))
    text.append_text(_line("", "  fingerprint", finding.fingerprint))
    text.append_text(_line("", "  obligation ", finding.obligation.id))
    text.append_text(_line("", "  rule       ", f"{rule.path}:{rule.line}:"))
    return text.append_text(_line("cyan", "             ", rule.quote))


def _path(finding: Finding) -> Text:
    text = Text()
    for number, one in enumerate(finding.registrations):
        head = "reached by " if number == 0 else "           "
        text.append_text(_line("", f"  {head}", f"struct {one.struct} {one.variable}", f"({one.file}:{one.line})"))
    for number, step in enumerate(finding.way):
        head = "path       " if number == 0 else "           "
        text.append_text(_line("", f"  {head}", f"{step.file}:{step.line}:", step.note))
    for number, step in enumerate(finding.beside):
        head = "beside it  " if number == 0 else "           "
        text.append_text(_line("dim", f"  {head}", f"{step.file}:{step.line}:", step.note))
    return text


def _sources(finding: Finding, source: Source) -> Text:
    """The function with its path marked, then the places in other files that the path goes through."""
    text = Text()
    steps = (*finding.way, *finding.beside, Step(finding.file, finding.line, ""))
    for path in dict.fromkeys((finding.file, *(step.file for step in steps))):
        marks: dict[int, list[str]] = {}
        for step in steps:
            if step.file == path:
                marks.setdefault(step.line, []).extend([step.note] if step.note else [])
        text.append_text(_line("bold", ""))
        text.append_text(_line("bold", path))
        code = source(path)
        if isinstance(code, Missing):
            text.append_text(_line("red", "  cannot be shown:", code.reason))
        else:
            text.append_text(_excerpt(code, marks, finding.line if path == finding.file else 0))
    return text


def _excerpt(code: bytes, marks: Mapping[int, list[str]], here: int) -> Text:
    lines = [shown(line.decode("utf-8", "replace")) for line in split_lines(code)]
    coloured = _coloured(code, lines, here)
    text, last = Text(), 0
    for number in shown_lines(code, sorted(marks), here):
        if not 1 <= number <= len(lines):
            continue
        if last and number > last + 1:
            text.append_text(_line("dim", "        ..."))
        last = number
        sign = ">" if number in marks else " "
        text.append(f"{sign}{number:6}  ", "bold magenta" if number in marks else "dim")
        words_ = coloured.get(number, Text(lines[number - 1])).copy()
        if number in marks:
            words_.stylize("bold")
        text.append_text(words_)
        for note in marks.get(number, ()):
            text.append(f"   <- {shown(note)}", "magenta")
        text.append("\n")
    return text


def _coloured(code: bytes, lines: Sequence[str], here: int) -> dict[int, Text]:
    """The lines of the function in which a line lies, coloured as C; the words have been cleaned before."""
    for span in file_facts(code, frozenset()).functions:
        if span.line <= here <= span.last_line:
            text = "\n".join(lines[span.line - 1 : span.last_line])
            parts = Syntax(text, "c", theme="ansi_dark").highlight(text).split("\n", allow_blank=True)
            return {span.line + number: part for number, part in enumerate(parts)}
    return {}


@lru_cache(maxsize=_FILES)
def spans(code: bytes) -> tuple[range, ...]:
    """The lines of each function of a file: a page asks for the same files again and again, and each time costs a parse."""
    return tuple(range(one.line, one.last_line + 1) for one in file_facts(code, frozenset()).functions)


def shown_lines(code: bytes, marks: list[int], here: int) -> Iterator[int]:
    """The lines to show: the whole function where it is short, else its head and what lies around the marks."""
    wanted = {line for mark in marks for line in range(mark - _AROUND, mark + _AROUND + 1)}
    for span in (one for one in spans(code) if here in one):
        if len(span) <= _WHOLE:
            elsewhere = [m for m in marks if m not in span]
            wanted = {line for line in wanted if any(abs(line - m) <= _AROUND for m in elsewhere)}
            wanted |= set(span)
        wanted |= {span.start, span.start + 1}
    # Dots in place of one line say less than the line.
    wanted |= {line + 1 for line in wanted if line + 2 in wanted}
    return iter(sorted(wanted))


def _fix(judged: Judged) -> Text:
    fix = judged.finding.fix
    text = _line("bold", "")
    if not isinstance(fix, Fix):
        return text.append_text(_line("bold", "no fix:", fix.reason))
    text.append_text(_line("bold", "fix"))
    for line in fix.diff.split("\n"):
        if line and not line.startswith(("--- ", "+++ ")):
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[0], "")
            text.append_text(_line(style, f"  {line[:1]}{line[1:].expandtabs(8)}"))
    return text.append_text(_line("", "  checked:", ", ".join(judged.passed) or "nothing"))


def _verdicts(judged: Judged, ruling: Ruling | None) -> Text:
    text = _line("bold", "")
    reasons: tuple[Reason, ...] = judged.verdict.reasons if isinstance(judged.verdict, Rejected) else ()
    against = [reason for reason in reasons if reason.filter != FILTER]
    for doubt in judged.finding.doubts:
        text.append_text(_line("yellow", f"doubt {doubt.file}:{doubt.line}:", doubt.note))
    for reason in against:
        text.append_text(_line("yellow", f"filter {reason.filter}:", reason.reason))
    if not against:
        text.append_text(_line("", "no filter has anything against it"))
    if ruling is not None:
        text.append_text(_line("bold", "judged already:", words(ruling)))
    return text


def list_line(judged: Judged, ruling: Ruling | None) -> str:
    """A finding in one line: fingerprint, confidence, how it stands, where it is, what it is."""
    finding = judged.finding
    by_filters = "rejected" if isinstance(judged.verdict, Rejected) else "open"
    standing = ruling.status.value if ruling is not None else by_filters
    place = shown(f"{finding.file}:{finding.line} {finding.function}()")
    return f"{shown(finding.fingerprint)}  {finding.confidence:8}  {standing:14}  {place}  {shown(finding.obligation.short)}"
