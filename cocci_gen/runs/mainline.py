"""Findings x another revision -> Standing, what became there of the code that they are about.

A run on an old tree says nothing of the newest one: whether a fix may be sent at all depends on whether the code is still there,
and whether somebody has mended it since.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cocci_gen.code.texts.source import file_facts
from cocci_gen.findings.findings import Finding, Fix, apply_edits
from cocci_gen.kernel.tree import KernelTree


class Fate(StrEnum):
    """What became of the function of a finding in another revision."""

    SAME = "the same"
    CHANGED = "changed"
    GONE = "gone"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Standing:
    """The fate of one finding at `revision`; `commit` is `<12 hex> ("subject")` of the commit that mended it, "" where that is
    not known."""

    fate: Fate
    revision: str
    commit: str = ""

    @property
    def words(self) -> str:
        """One clause, for an index, notes and a cover letter."""
        return f"{self.fate.value} in {self.revision}" + (f", by {self.commit}" if self.commit else "")


def standings(tree: KernelTree, mainline: KernelTree, findings: Iterable[Finding]) -> dict[str, Standing]:
    """The tree of a run, the revision to compare with and findings -> fingerprint -> Standing.

    A finding of a document has no function, and none.
    """
    code = [finding for finding in findings if finding.file.endswith((".c", ".h"))]
    return {finding.fingerprint: _standing(tree, mainline, finding) for finding in code}


def _standing(tree: KernelTree, mainline: KernelTree, finding: Finding) -> Standing:
    base = tree.read(finding.file)
    revision = mainline.revision if mainline.root == tree.root else f"{mainline.root.name} {mainline.revision}"
    before = _function(base, finding.function)
    there = mainline.text_of(finding.file) or b""
    now = _function(there, finding.function)
    if not now:
        return Standing(Fate.GONE, revision)
    if _lines(now) == _lines(before):
        return Standing(Fate.SAME, revision)
    if isinstance(finding.fix, Fix) and before:
        mended = _function(apply_edits(base, finding.fix.edits), finding.function)
        if _holds_the_fix(_lines(before), _lines(mended), _lines(now)):
            return Standing(Fate.FIXED, revision, _commit(tree, mainline, finding, mended, before))
    return Standing(Fate.CHANGED, revision)


def _function(text: bytes, name: str) -> bytes:
    """The text of a function of a file, empty where the function is not there."""
    spans = [span for span in file_facts(text, frozenset()).functions if span.name == name]
    return text[spans[0].start : spans[0].end] if spans else b""


def _lines(text: bytes) -> Counter[bytes]:
    """How often each line stands in a text, blanks and lone braces aside."""
    squeezed = (re.sub(rb"\s+", b" ", line).strip(b" {}") for line in text.split(b"\n"))
    return Counter(line for line in squeezed if line)


def _holds_the_fix(before: Counter[bytes], mended: Counter[bytes], now: Counter[bytes]) -> bool:
    """Whether a function has all that the fix adds, and no more of what the fix takes away."""
    added, removed = mended - before, before - mended
    return (
        bool(added or removed)
        and all(now[line] >= mended[line] for line in added)
        and all(now[line] <= mended[line] for line in removed)
    )


def _commit(tree: KernelTree, mainline: KernelTree, finding: Finding, mended: bytes, before: bytes) -> str:
    """The commit between the two revisions that brought what the fix brings; "" where the history does not tell."""
    added = _lines(mended) - _lines(before)
    pattern = max((line.decode("utf-8", "surrogateescape") for line in added), key=len, default="")
    words = ("log", "-1", "--format=%h%x00%s", "--abbrev=12", f"-S{pattern}", f"{tree.commit}..{mainline.commit}")
    ended = mainline.run_git(*words, "--", finding.file) if pattern else None
    output = getattr(ended, "stdout", b"").decode("utf-8", "replace").strip("\n")
    short, _, subject = output.partition("\0")
    plain = "".join(c if c.isprintable() else " " for c in subject)
    return f'{short} ("{plain}")' if re.fullmatch(r"[0-9a-f]{12,40}", short) else ""
