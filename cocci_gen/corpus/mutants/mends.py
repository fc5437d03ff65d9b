"""The fix of a mutant -> Mended, whether it leaves things as the unbroken function does, and what harm it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cocci_gen.corpus.mutants.aftermath import Seen, differences
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.overlays import OverlaidIndex, Replacement
from cocci_gen.findings.findings import Edit, Finding, Fix, FixDoesNotApply, apply_edits


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of one fix: why it does not restore the function in effect ("" when it does), and what it leaves that neither
    the unbroken nor the broken function leaves so."""

    reason: str
    harm: tuple[str, ...]


class Mends:
    """Judges the fixes of one mutant; `root` is its method, `change` what was broken."""

    def __init__(self, index: KernelIndex, root: Definition, change: Replacement) -> None:
        self._index = index
        self._root = root
        self._change = change

    def of(self, finding: Finding, edits: tuple[Edit, ...]) -> Mended:
        """What edits do to the function of a finding: its own fix, or those of several."""
        broken = self._view((self._change,))
        try:
            text = apply_edits(broken.text(finding.file), edits)
        except FixDoesNotApply as error:
            return Mended(str(error), ())
        if text.split() == self._index.text(finding.file).split():
            return Mended("", ())
        mended = self._view((*self._others(finding.file), Replacement(_named(broken, finding), text)))
        found = differences(
            Seen(self._view(()), finding.file, finding.function, _same),
            Seen(broken, finding.file, finding.function, _same),
            Seen(mended, finding.file, finding.function, _unmoved(edits)),
        )
        if found is None:
            return Mended("the mended function cannot be read", ())
        harm = tuple(one.words for one in found if one.made)
        return Mended("; ".join(one.words for one in found[:2]), harm)

    def every(self, findings: Sequence[Finding]) -> tuple[Mended, ...]:
        """What each fix does; and all of a function together, where none alone restores it: a breach may have two exits."""
        fixed = [(finding, finding.fix.edits) for finding in findings if isinstance(finding.fix, Fix)]
        alone = tuple(self.of(finding, edits) for finding, edits in fixed)
        if len(fixed) < 2 or any(not one.reason for one in alone):
            return alone
        first, _ = fixed[0]
        here = (edits for finding, edits in fixed if (finding.file, finding.function) == (first.file, first.function))
        return (*alone, self.of(first, tuple(dict.fromkeys(edit for edits in here for edit in edits))))

    def _view(self, changes: tuple[Replacement, ...]) -> OverlaidIndex:
        return OverlaidIndex(self._index, self._root, changes)

    def _others(self, path: str) -> tuple[Replacement, ...]:
        return () if self._change.target.path == path else (self._change,)


def _named(index: KernelIndex, finding: Finding) -> Definition:
    return next(one for one in index.functions_in(finding.file) if one.name == finding.function)


def _same(line: int) -> int:
    return line


def _unmoved(edits: Sequence[Edit]) -> Callable[[int], int]:
    """Where a line of the mended text stood before; no line of that text for what the edits bring."""

    def line(after: int) -> int:
        shift = 0
        for edit in sorted(edits, key=lambda edit: edit.line):
            start = edit.line + shift
            if start <= after < start + len(edit.new):
                return -after
            if after >= start + len(edit.new):
                shift += len(edit.new) - len(edit.old)
        return after - shift

    return line
