"""A kernel tree -> ProvenFinding, what its locking.rst says of methods and its headers deny.

No semantic patch is involved: both sides are declarations, and comparing them is the proof. A fix is tried before it is
offered: the mended document must read without the difference, and mending it again must change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.document.obligations import PROTOTYPES, Obligation, RuleSource
from cocci_gen.document.tables import RuleDocument, read_document
from cocci_gen.errors import RuleDocumentError
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.headers import HeaderStructs, StructDefinition, Tree
from cocci_gen.findings.findings import (
    Breach,
    Confidence,
    Edit,
    Finding,
    Fix,
    NoFix,
    apply_edits,
    fingerprint,
    unified_diff,
)
from cocci_gen.findings.trials import Trial, Untried
from cocci_gen.kinds.prototype.differences import Difference, DifferenceSort, Structs, differences
from cocci_gen.kinds.prototype.edits import repairs

KIND = "prototype"

#: What may be said of a fix that was tried; nothing else of the ladder speaks of documents.
PASSED = ("applies", "finding gone")


@dataclass(frozen=True, slots=True)
class ProvenFinding:
    """A finding, how its fix fared, and the rungs of the ladder that it has passed."""

    finding: Finding
    trial: Trial | Untried
    passed: tuple[str, ...]


def prototype_findings(tree: Tree, text: bytes, path: str) -> tuple[ProvenFinding, ...]:
    """Every difference between the document `text` at `path` and the headers of the tree."""
    document = read_document(text, path)
    structs = read_headers(tree, {section.struct for section in document.sections if section.struct})
    return proven_findings(text, document, structs)


def proven_findings(text: bytes, document: RuleDocument, structs: Structs) -> tuple[ProvenFinding, ...]:
    """Every difference between a document, read from `text`, and the structures of some headers."""
    found = differences(document, structs)
    mended = repairs(text, document, found)
    trials: dict[tuple[Edit, ...], Trial] = {}
    proven = []
    for one in found:
        repair = mended[one]
        if isinstance(repair, NoFix):
            proven.append(ProvenFinding(_finding(one, repair), Untried(repair.reason, False), ()))
            continue
        if repair not in trials:
            trials[repair] = _trial(text, document, structs, repair)
        trial = trials[repair]
        fix = Fix(repair, "", unified_diff(document.path, text, repair))
        proven.append(ProvenFinding(_finding(one, fix), trial, PASSED if trial.gone else ()))
    return tuple(proven)


def read_headers(tree: Tree, wanted: set[str]) -> Structs:
    """The wanted structures that headers define, and the other structures of operations of these headers."""
    headers = HeaderStructs(tree)
    found: dict[str, tuple[StructDefinition, ...]] = {}
    for struct in sorted(wanted):
        for name, defined in headers.beside(struct).items():
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *defined)))
    return found


def _finding(one: Difference, fix: Fix | NoFix) -> Finding:
    """A difference as a finding. The two declarations are the evidence."""
    here, there = one.documented, one.defined
    source = RuleSource(here.path, here.line, here.text)
    obligation = Obligation(one.struct, one.method, KIND, "", PROTOTYPES, here.text, source)
    steps = [Step(here.path, here.line, f"documents {here.text}")]
    steps += [Step(there.path, there.line, f"defines {there.text}")] if there.path else []
    return Finding(
        fingerprint=fingerprint(obligation.id, here.path, one.method, f"{one.what} {here.text} {there.text}"),
        obligation=obligation,
        file=here.path,
        function=one.method,
        line=here.line,
        message=one.message,
        confidence=Confidence.HIGH if one.what is not DifferenceSort.MISSING else Confidence.MODERATE,
        breach=Breach(here.text, "", True, 0, (), "", str(one.what)),
        registrations=(),
        evidence=tuple(steps),
        semantic_patch="",
        fix=fix,
    )


def _trial(text: bytes, document: RuleDocument, structs: Structs, edits: tuple[Edit, ...]) -> Trial:
    """How the edits of one section fare: the mended document is read, compared and mended again."""
    mended = apply_edits(text, edits)
    try:
        after = read_document(mended, document.path)
    except RuleDocumentError as error:
        return Trial(True, False, False, (), False, str(error))
    before = {_key(one) for one in differences(document, structs)}
    left = differences(after, structs)
    known = {section.struct for section in document.sections}
    new = tuple(one.message for one in left if _key(one) not in before and one.struct in known)
    # What is inserted in front of a line stands behind the one above: a new section is no change of the one that follows.
    changed = _structs_of(document, {edit.line if edit.old else edit.line - 1 for edit in edits})
    again = repairs(mended, after, left)
    done = all(isinstance(again[one], NoFix) for one in left if one.struct in changed)
    return Trial(True, True, done, new, done, "")


def _key(one: Difference) -> tuple[str, str, DifferenceSort]:
    return one.struct, one.method, one.what


def _structs_of(document: RuleDocument, lines: set[int]) -> set[str]:
    """The structures whose sections hold these lines."""
    starts = sorted(section.line for section in document.sections)
    by_line = {section.line: section.struct for section in document.sections}
    return {by_line[max(start for start in starts if start <= line)] for line in lines if line >= starts[0]}
