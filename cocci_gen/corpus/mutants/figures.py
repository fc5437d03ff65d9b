"""Experiment -> Figures per kind and in total, as JSON and as a table.

A fraction of nothing is not a number: it is left out of the table, and null in JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cocci_gen.corpus.mutants.experiment import Experiment, Mutant, UnbrokenTwin

_SURE = ("high", "moderate")


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of some mutants and twins; the counts behind every fraction."""

    mutants: int
    found: int
    found_sure: int
    direct: int
    direct_found: int
    deep: int
    deep_found: int
    twins: int
    alarmed: int
    fixable: int
    mended: int
    harmful: int
    silent: int

    @property
    def recall(self) -> float | None:
        """Mutants found, with any confidence."""
        return _share(self.found, self.mutants)

    @property
    def recall_sure(self) -> float | None:
        """Mutants found with high or moderate confidence."""
        return _share(self.found_sure, self.mutants)

    @property
    def recall_direct(self) -> float | None:
        """Of the mutants of a method itself."""
        return _share(self.direct_found, self.direct)

    @property
    def recall_deep(self) -> float | None:
        """Of the mutants of a callee."""
        return _share(self.deep_found, self.deep)

    @property
    def false_alarms(self) -> float | None:
        """Unbroken twins with a finding of high or moderate confidence that nobody has confirmed."""
        return _share(self.alarmed, self.twins)

    @property
    def restored(self) -> float | None:
        """Of those that can be mended mechanically (a deleted release, an edit of the document), or that got a fix: those with
        a fix behind which everything is left as the unbroken function leaves it."""
        return _share(self.mended, self.fixable)

    @property
    def told(self) -> float | None:
        """Of those that were not found: those whose function is said not to be examined."""
        missed = self.mutants - self.found
        return _share(missed - self.silent, missed)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def figures_of(mutants: Iterable[Mutant], twins: Iterable[UnbrokenTwin]) -> Figures:
    """The counts."""
    every, pairs = list(mutants), list(twins)
    deep = [one for one in every if one.deep]
    fixable = [one for one in every if one.restored]
    return Figures(
        mutants=len(every),
        found=sum(bool(one.found) for one in every),
        found_sure=sum(one.found in _SURE for one in every),
        direct=len(every) - len(deep),
        direct_found=sum(bool(one.found) for one in every if not one.deep),
        deep=len(deep),
        deep_found=sum(bool(one.found) for one in deep),
        twins=len(pairs),
        alarmed=sum(bool(one.alarms) for one in pairs),
        fixable=len(fixable),
        mended=sum(one.restored == "yes" for one in fixable),
        harmful=sum(bool(one.harm) for one in every),
        silent=sum(not one.found and not one.told for one in every),
    )


def by_kind(experiment: Experiment) -> tuple[tuple[str, Figures], ...]:
    """The figures of every kind that has mutants, in the order of the run."""
    kinds = dict.fromkeys(one.kind for one in experiment.mutants)
    return tuple(
        (
            kind,
            figures_of(
                (one for one in experiment.mutants if one.kind == kind),
                (one for one in experiment.twins if one.kind == kind),
            ),
        )
        for kind in kinds
    )


def experiment_to_json(experiment: Experiment) -> dict[str, object]:
    """`total` and `kinds` as fractions; every mutant that was missed, every alarm, every fix that failed or does harm."""
    return {
        "commit": experiment.commit,
        "seed": experiment.seed,
        "total": _data(figures_of(experiment.mutants, experiment.twins)),
        "kinds": {kind: _data(figures) for kind, figures in by_kind(experiment)},
        "without_mutants": dict(experiment.without),
        "missed": [{**_mutant(one), "not_examined": one.told} for one in experiment.mutants if not one.found],
        "alarms": [alarm for one in experiment.twins for alarm in one.alarms],
        "not_restored": [
            {**_mutant(one), "reason": one.restored} for one in experiment.mutants if one.restored not in ("", "yes")
        ],
        "harmful": [{**_mutant(one), "harm": list(one.harm)} for one in experiment.mutants if one.harm],
    }


def _data(figures: Figures) -> dict[str, object]:
    return {
        "mutants": figures.mutants,
        "recall": _rounded(figures.recall),
        "recall_high_or_moderate": _rounded(figures.recall_sure),
        "recall_direct": _rounded(figures.recall_direct),
        "recall_one_call_deep": _rounded(figures.recall_deep),
        "twins": figures.twins,
        "false_alarms": _rounded(figures.false_alarms),
        "fixable": figures.fixable,
        "restored": _rounded(figures.restored),
        "harmful": figures.harmful,
        "missed_and_told": _rounded(figures.told),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _mutant(one: Mutant) -> dict[str, object]:
    return {
        "obligation": one.method,
        "file": one.path,
        "function": one.function,
        "break": one.words,
        "one_call_deep": one.deep,
    }


_COLUMNS = (
    "kind", "mutants", "recall", "sure", "direct", "1 deep", "twins", "alarms", "fixable", "restored", "harmful", "silent",
)  # fmt: skip


def experiment_to_text(experiment: Experiment) -> str:
    """The table, and below it what was missed."""
    rows: list[Sequence[str]] = [_COLUMNS]
    rows += [_row(kind, figures) for kind, figures in by_kind(experiment)]
    rows.append(_row("all kinds", figures_of(experiment.mutants, experiment.twins)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    for kind, reason in experiment.without:
        lines.append(f"{kind}: {reason}")
    for one in experiment.mutants:
        if not one.found:
            deep = ", one call deep" if one.deep else ""
            told = f" [not examined: {one.told}]" if one.told else " [silent]"
            lines.append(f"missed ({one.method}{deep}): {one.path}: {one.function}(): {one.words}{told}")
    lines += [f"alarm ({one.method}): {alarm}" for one in experiment.twins for alarm in one.alarms]
    for one in experiment.mutants:
        if one.restored not in ("", "yes"):
            lines.append(f"not restored ({one.method}): {one.path}: {one.function}(): {one.words}: {one.restored}")
        lines += [f"harmful ({one.method}): {one.path}: {one.function}(): {one.words}: {harm}" for harm in one.harm]
    return "\n".join(lines)


def _row(kind: str, figures: Figures) -> Sequence[str]:
    shares = (figures.recall, figures.recall_sure, figures.recall_direct, figures.recall_deep)
    return (
        kind,
        str(figures.mutants),
        *(_percent(share) for share in shares),
        str(figures.twins),
        _percent(figures.false_alarms),
        str(figures.fixable),
        _percent(figures.restored),
        str(figures.harmful),
        str(figures.silent),
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
