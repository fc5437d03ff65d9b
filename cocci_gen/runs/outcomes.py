"""RUN/series/answers.json -> Outcome, what became of the patches of each kind that were mailed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.errors import StorageError
from cocci_gen.findings.stored import oddity, one_of, read_json, read_plain
from cocci_gen.runs.answers import LIST
from cocci_gen.series.rerolls.replies import Said


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many patches of one kind were answered, by the weightiest answer of each."""

    kind: str
    counts: tuple[int, ...]  #: one number for each Said, in its order

    def count(self, said: Said) -> int:
        """How many had this answer."""
        return self.counts[list(Said).index(said)]

    @property
    def answered(self) -> int:
        """How many had any answer."""
        return sum(self.counts)


def outcomes(runs: Iterable[Path]) -> tuple[Outcome, ...]:
    """The folders of runs whose threads `series --replies` has read -> the patches per kind; StorageError where one has none."""
    found: dict[str, Counter[str]] = {}
    for run in runs:
        path = run / "series" / LIST
        try:
            for one in read_json(read_plain(path))["patches"]:
                found.setdefault(str(one["kind"]), Counter())[one_of(Said, one["said"]).value] += 1
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(
                f"{path} is no list of answers ({oddity(error)}); `series {run} --replies MBOX` makes one"
            ) from error
    return tuple(Outcome(kind, tuple(found[kind][said.value] for said in Said)) for kind in sorted(found))


def outcomes_to_text(found: Iterable[Outcome]) -> str:
    """A table for people."""
    lines = [f"{'answers of the lists':<24} {'patches':>8}" + "".join(f"{said.value:>11}" for said in Said)]
    for one in found:
        lines.append(f"{one.kind:<24} {one.answered:>8}" + "".join(f"{number:>11}" for number in one.counts))
    return "\n".join(lines)


def outcomes_to_json(found: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """Kind -> how many patches had which answer."""
    return {one.kind: {said.value: one.count(said) for said in Said} for one in found}
