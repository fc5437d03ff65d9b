"""What the patches of a series bring -> answers to their mails, in a folder of the user's; nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.findings.findings import Confidence
from cocci_gen.kernel.modules import ModuleTree
from cocci_gen.kernel.patches import Letter, PatchSeries
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.checks import Outcome, menders, repository_of
from cocci_gen.runs.folder import write_file
from cocci_gen.runs.making import kernel_version
from cocci_gen.series.assembly import NOBODY
from cocci_gen.series.mails.answer_folder import LIST, listing, refuse_foreign, stale_answers
from cocci_gen.series.mails.replies import Broken, Source, answers, lacking
from cocci_gen.series.words.rule_book import read_rule_book


@dataclass(frozen=True, slots=True)
class Answered:
    """The files that were written, those of an earlier check that went, and how many findings are not sure enough for a mail;
    what answers lack, and how many of them."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    left_out: int
    lacking: Mapping[str, int]


def write_answers(tree: KernelTree, outcome: Outcome, series: PatchSeries, folder: Path, level: str) -> Answered:
    """What was checked, the outcome, its patches -> the answers to those that bring what is at least as sure as `level`.

    UsageProblem where the folder holds an answer that somebody has changed, or a file of another origin in the way.
    """
    least = Confidence(level).rank
    every = [[one.finding for one in checked.new] for checked in outcome.checked]
    brought = [[one for one in found if one.confidence.rank >= least] for found in every]
    book = read_rule_book(tree, [one.obligation for found in brought for one in found], kernel_version(tree))
    person = repository_of(tree).identity() or NOBODY
    # Behind a patch that does not apply nothing was looked at.
    pairs = zip(series.patches, brought, outcome.checked, strict=False)
    former, stood = _before(outcome)
    mended = {fingerprint: name for _, one in menders(outcome) for fingerprint, name in one.items()}
    broken = [
        Broken(patch, found, _source(checked.change.after), former, stood, mended) for patch, found, checked in pairs
    ]
    made = dict(answers(book, person, broken))
    letters = [one.patch.letter for one in broken if one.findings]
    lacks = Counter(why for letter in letters if isinstance(letter, Letter) for why in lacking(person, letter))
    stale = stale_answers(folder)
    refuse_foreign(folder, tuple(made))
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    for name, data in made.items():
        write_file(folder / name, data)
    if made or stale:
        write_file(folder / LIST, listing(made))
    removed = tuple(name for name in stale if name not in made)
    return Answered(tuple(made), removed, sum(map(len, every)) - sum(map(len, brought)), lacks)


def _before(outcome: Outcome) -> tuple[str, frozenset[str]]:
    """What the version before is called, and the fingerprints of what it brings too; nothing where none was looked at."""
    for since in outcome.since:
        return since.name.partition(" in ")[0], frozenset(one.finding.fingerprint for one in since.still)
    return "", frozenset()


def _source(tree: KernelTree) -> Source:
    """The files of a state, those of a module by their paths in it."""
    return lambda path: tree.read(tree.inside(path) if isinstance(tree, ModuleTree) else path)
