"""Corpus + the real pipeline -> CorpusReport: every case must get exactly what its marks say.

Each kernel of the corpus is scanned twice, once with the cases as they are and once with their repaired files.  A case
holds when all of it is understood (by spatch, or as a locking.rst); what is reported equals the marks (line, obligation,
confidence); the fixes give the repaired file byte for byte; and in that one nothing is reported, and so nothing is changed
again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from cocci_gen.corpus.cases import Case, Mark, NothingToFix, Problem, Twin, TwinMissing, Unfixable, Word
from cocci_gen.corpus.folder import Corpus, Kernel
from cocci_gen.document.tables import read_document
from cocci_gen.errors import RuleDocumentError
from cocci_gen.findings.findings import Confidence, Edit, Finding, Fix, FixDoesNotApply, apply_edits

_SILENT = "is not reported"


class Scanner(Protocol):
    """The whole pipeline over a kernel in memory: path -> text of every file -> what it accepts, low ones included."""

    def __call__(self, files: Mapping[str, bytes], /) -> Sequence[Finding]:
        """Raises CocciGenError, as the pipeline does."""
        ...


class Silence(Protocol):
    """The same files -> why the pipeline says nothing at a line of one of them about an obligation."""

    def __call__(self, files: Mapping[str, bytes], path: str, line: int, identity: str, /) -> str:
        """A sentence; raises CocciGenError, as the pipeline does."""
        ...


class ParseCheck(Protocol):
    """Texts of C files -> for each in order "" when spatch understands all of it, else what it does not."""

    def __call__(self, texts: Iterable[bytes], /) -> Iterable[str]:
        """Raises CocciGenError when spatch itself is missing."""
        ...


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """How many cases and expectations were compared, and every difference; the corpus holds when there is none."""

    cases: int
    expectations: int
    problems: tuple[Problem, ...]


def _untold(_files: Mapping[str, bytes], _path: str, _line: int, _identity: str) -> str:
    return ""


def check(corpus: Corpus, scan: Scanner, parse_check: ParseCheck, silence: Silence = _untold) -> CorpusReport:
    """Compare every case with what the pipeline says of it; `silence` tells why a mark is not reported."""
    problems = [*corpus.problems, *_unparsed(corpus.cases, parse_check)]
    for kernel in corpus.kernels():
        if any(_unread(kernel)):
            continue  # said above; nothing can be scanned without rules
        files = kernel.files()
        found = scan(files)
        problems += _strangers(kernel, found)
        by_file = defaultdict[str, list[Finding]](list)
        for finding in found:
            by_file[finding.file].append(finding)
        for case in kernel.cases:
            reported = by_file[case.tree_path]
            problems += [*_compare(case, reported, partial(silence, files)), *_compare_repair(case, reported)]
        problems += _check_twins(kernel, scan)
    expectations = sum(len(case.marks) for case in corpus.cases)
    return CorpusReport(len(corpus.cases), expectations, tuple(sorted(problems, key=lambda one: (one.path, one.line))))


def accepted_twins(corpus: Corpus, scan: Scanner) -> dict[str, bytes]:
    """Path in the corpus -> new text, for each repaired file that is missing or differs from what the fixes give today.

    A person reads the diff afterwards: what is written here is what the tool does, not what is right.
    """
    changed = {}
    for kernel in corpus.kernels():
        found = scan(kernel.files())
        for case in kernel.cases:
            text = _repaired(case, [finding for finding in found if finding.file == case.tree_path])
            wanted = isinstance(case.repair, Twin | TwinMissing)
            if wanted and isinstance(text, bytes) and text != case.text and case.repair != Twin(text):
                changed[case.twin_path] = text
    return changed


def _unparsed(cases: Iterable[Case], parse_check: ParseCheck) -> Iterator[Problem]:
    code: list[tuple[str, bytes]] = []
    for case in cases:
        if case.is_document:
            yield from _unread_document(case)
        else:
            code += _texts(case)
    for (path, _), reason in zip(code, parse_check(text for _, text in code), strict=True):
        if reason:
            yield Problem(path, 0, f"spatch does not understand all of it: {reason}")


def _texts(case: Case) -> Iterator[tuple[str, bytes]]:
    """The case and its repaired file, with their paths in the corpus."""
    yield case.path, case.text
    if isinstance(case.repair, Twin):
        yield case.twin_path, case.repair.text


def _unread_document(case: Case) -> Iterator[Problem]:
    for path, text in _texts(case):
        try:
            read_document(text, path)
        except RuleDocumentError as error:
            yield Problem(path, error.line, f"is no locking.rst: {error.message}")


def _unread(kernel: Kernel) -> Iterator[Problem]:
    """What keeps a kernel from being scanned at all: its case is its document, and cannot be read."""
    for case in kernel.cases:
        yield from _unread_document(case) if case.is_document else ()


def _strangers(kernel: Kernel, found: Iterable[Finding]) -> Iterator[Problem]:
    """What was reported outside of the cases, where all code is right."""
    own = {case.tree_path for case in kernel.cases}
    for finding in found:
        if finding.file not in own:
            place = f"trees/{kernel.version}/{finding.file}"
            yield Problem(place, finding.line, f"{finding.obligation.short} is reported outside of the cases")


def _compare(case: Case, reported: Sequence[Finding], silence: Callable[[str, int, str], str]) -> Iterator[Problem]:
    """Exact equality of marks and reports, said mark by mark."""
    places: dict[tuple[int, str], list[Finding]] = {}
    for finding in reported:
        places.setdefault((finding.line, finding.obligation.id), []).append(finding)
    for mark, times in Counter(case.marks).items():
        findings = places.pop((mark.line, f"{case.struct}.{mark.short}"), [])
        said = [finding.confidence.value for finding in findings]
        text = _difference(mark.word, mark.confidence, said) if times == 1 else _several(mark, times, said)
        if text:
            why = silence(case.tree_path, mark.line, f"{case.struct}.{mark.short}") if text == _SILENT else ""
            yield Problem(case.path, mark.line, f"{mark.short} {text}{f': {why}' if why else ''}")
    for (line, _), findings in places.items():
        first = findings[0]
        yield Problem(case.path, line, f"{first.obligation.short} is reported without a mark: {first.message}")


def _several(mark: Mark, times: int, reported: Sequence[str]) -> str:
    """The same where a mark stands for each of the things that go wrong at one place."""
    if mark.word is not Word.VIOLATES or list(reported) == [mark.confidence] * times:
        return ""
    return f"is reported {len(reported)} times ({', '.join(reported)}), and marked {times} times"


def _difference(word: Word, confidence: str, reported: Sequence[str]) -> str:
    """What a mark says, what was reported at its place -> the difference in words, or ""."""
    match word:
        case Word.VIOLATES if not reported:
            return _SILENT
        case Word.VIOLATES if len(reported) > 1:
            return f"is reported {len(reported)} times"
        case Word.VIOLATES if reported[0] != confidence:
            return f"is reported with {reported[0]} confidence; the mark says {confidence}"
        case Word.OK if reported:
            return "is reported, and the mark says that this is right"
        case Word.TODO_VIOLATES if reported:
            return "is found now: promote the mark to 'violates'"
        case Word.TODO_OK if not reported:
            return "is silent now: promote the mark to 'ok'"
    return ""


def _repaired(case: Case, reported: Iterable[Finding]) -> bytes | FixDoesNotApply:
    """The case with all fixes of all its findings; two findings that ask for the same edit get it once."""
    edits: dict[Edit, None] = {}
    for finding in reported:
        if isinstance(finding.fix, Fix):
            edits |= dict.fromkeys(finding.fix.edits)
    try:
        return apply_edits(case.text, edits)
    except FixDoesNotApply as error:
        return error


def _compare_repair(case: Case, reported: Sequence[Finding]) -> Iterator[Problem]:
    """The fixes give the repaired file, or nothing is to be changed."""
    if isinstance(case.repair, NothingToFix | TwinMissing):
        return  # the latter is a problem already
    text = _repaired(case, reported)
    if isinstance(text, FixDoesNotApply):
        yield Problem(case.path, 0, f"the fixes do not apply together: {text}")
    elif isinstance(case.repair, Unfixable):
        if text != case.text:
            line = _first_difference(text, case.text)
            yield Problem(case.path, line, "is changed here, and the header says 'Fixable: no'")
    elif text != case.repair.text:
        line = _first_difference(text, case.repair.text)
        yield Problem(case.twin_path, line, f"the fixes give another text from this line on: {_line(text, line)!r}")


def _first_difference(one: bytes, other: bytes) -> int:
    """The 1-based line where two texts part."""
    pairs = zip(one.split(b"\n"), other.split(b"\n"), strict=False)
    same = 0
    for left, right in pairs:
        if left != right:
            break
        same += 1
    return same + 1


def _line(text: bytes, number: int) -> str:
    lines = text.decode("utf-8", "surrogateescape").split("\n")
    return lines[number - 1] if number <= len(lines) else ""


def _surely(mark: Mark, finding: Finding) -> bool:
    """Whether a mark tells of a surer breach of the same obligation."""
    return mark.word is Word.VIOLATES and mark.short == finding.obligation.short and mark.confidence != "low"


def _check_twins(kernel: Kernel, scan: Scanner) -> Iterator[Problem]:
    """In a repaired file nothing is reported, and no fix changes it again."""
    twins = {case.tree_path: (case, case.repair.text) for case in kernel.cases if isinstance(case.repair, Twin)}
    if not twins:
        return
    for finding in scan(kernel.mended()):
        if finding.file not in twins:
            continue  # said already of the first scan
        case, text = twins[finding.file]
        if finding.confidence is Confidence.LOW and any(_surely(mark, finding) for mark in case.marks):
            continue  # the doubtful rest of an exit that a sure breach hid
        again = isinstance(finding.fix, Fix) and apply_edits(text, finding.fix.edits) != text
        rest = ", and a second run would change it again" if again else ""
        said = f"{finding.obligation.short} is still reported in the repaired file{rest}"
        yield Problem(case.twin_path, finding.line, said)
