"""The scan of one tree and what another one changes in it -> the scan of the other, without a look at what did not change.

The functions of the region read other things now; the rest reads what it read before and stays as it was, but for the lines of
what stands elsewhere in a changed file.  What they hand an obligation on to elsewhere stays too where both trees say the same of
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import starmap

from cocci_gen.document.obligations import WITHOUT_TEMPLATE, Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.facts.tree.focus import Focus
from cocci_gen.facts.tree.mentions import Place, called_in_folder, named_anywhere
from cocci_gen.kinds.settled import in_order
from cocci_gen.scan.coverage import coverage
from cocci_gen.scan.pipeline import Scan
from cocci_gen.scan.regions import Region
from cocci_gen.scan.told import Key, Told, begins, masked, relined_told, told_by, with_tables

#: So often the functions grow that are looked at, because what is looked at hands its obligation on to others.
_ROUNDS = 5

#: A focus and the obligations to be asked about -> the scan of one of the trees that looks at those only.
Look = Callable[[Focus, Sequence[Obligation]], Scan]
#: The folders of a focus and obligations -> the functions there that these bind otherwise in one of the trees.
Rebound = Callable[[Focus, Sequence[Obligation]], set[Place]]


def increment(
    former: Scan, region: Region, chosen: Sequence[Obligation], before: Look, after: Look, rebound: Rebound
) -> Scan | None:
    """The scan of the new tree from that of the old one; `before` and `after` look at a part of either, `rebound` compares whom
    they bind.  None when too much hangs together."""
    asked = [one for one in chosen if one.kind not in WITHOUT_TEMPLATE]
    every = told_by(former)
    region.take(_handed(every, region) | _asking(region) | _shown(every, region))
    region.take(rebound(region.leading(), asked) if region.led else ())
    for _ in range(_ROUNDS):
        _reach_back(every, region)
        _without_lines(every, region)
        if not region.small:
            return None
        focus = region.focus()
        scan = after(focus, asked)
        here = told_by(scan)
        if otherwise := _told_otherwise(every, here, region):
            region.grow(otherwise)
            continue
        now, known = _outside(here, region), _kept(every, here, region)
        doubtful = _told_anew(now, known, region)
        then = (
            _outside(told_by(before(focus, [one for one in asked if one.id in doubtful])), region) if doubtful else {}
        )
        strange = _strange(now, then, known, doubtful, region.files)
        # What came to it through the region first is told with the lines of today.
        through = {key: now[key] for key, one in known.items() if then.get(key) == one and key in now}
        told = {key: through.get(key) or relined_told(one, region.lines) for key, one in known.items()}
        strange |= {key for key, one in told.items() if one is None}
        if not strange:
            here = {key: with_tables(one, every.get(key), focus.folders) for key, one in here.items()}
            return _joined(former, scan, here, region, {key: one for key, one in told.items() if one is not None})
        region.grow((path, name) for _, path, name in strange)
    return None


def _handed(every: Iterable[Key], region: Region) -> set[Place]:
    """Of whom something is told, and who is called by what changed in his folder: what he is handed there may decide, and so may
    what a function is handed that leads to him."""
    handed = {(path, name) for _, path, name in every if (folder_of(path), name) in region.calls}
    return handed.union(*(region.mentions.of_beside(name) for _, name in region.calls))


def _asking(region: Region) -> set[Place]:
    """Who asks of a folder who calls a function there, or of the tree where a name stands, where that may be otherwise now."""
    words = [*starmap(called_in_folder, region.calls), *map(named_anywhere, region.words)]
    return set[Place]().union(*map(region.mentions.of_beside, words))


def _shown(every: Mapping[Key, Told], region: Region) -> set[Place]:
    """In whom something was found that is shown by way of what changed, or leads to it."""

    def is_near(step: Step) -> bool:
        return step.file in region.files or region.looks_at(region.at(step.file, step.line))

    return {
        (path, name)
        for (_, path, name), told in every.items()
        if path not in region.files and any(is_near(step) for one in told.findings for step in one.finding.evidence)
    }


def _told_anew(now: Mapping[Key, Told], known: Mapping[Key, Told], region: Region) -> set[str]:
    """The obligations that functions of the region hand on to others, of which is told something else than before: about the
    rest nothing need be asked of the old tree."""
    handed = {key for key, told in known.items() if not region.holds(key) and region.begins_here(key, told)}
    other = {key for key, one in now.items() if masked(one, region.files) != masked(known.get(key), region.files)}
    return {key[0] for key in other | (handed - now.keys())}


def _strange(
    now: Mapping[Key, Told],
    then: Mapping[Key, Told],
    known: Mapping[Key, Told],
    doubtful: set[str],
    files: frozenset[str],
) -> set[Key]:
    """What both trees say otherwise of functions out of the region, asked about the `doubtful` obligations; `known` is what the
    whole scan said.  It cites one obligation where several ask the same, so what only `then` says may be cited for another."""
    gone = {key for key in then if key in known and key not in now}
    return gone | {key for key in now if key[0] in doubtful and masked(now[key], files) != masked(then.get(key), files)}


def _reach_back(every: Mapping[Key, Told], region: Region) -> None:
    """Take in those who hand an obligation on to a function of a changed file: it is told of through them."""
    here = {key: told for key, told in every.items() if key[1] in region.files and region.begins_elsewhere(key, told)}
    first = {region.at(file, line) for told in here.values() for file, line in begins(told)}
    region.take(place for place in first if place[1])
    region.grow(key[1:] for key, told in here.items() if region.begins_elsewhere(key, told))


def _without_lines(every: Mapping[Key, Told], region: Region) -> None:
    """Take in those of whom something was told with a line of which nobody knows where it is today."""
    while region.small:
        rest = [(key[1:], told) for key, told in every.items() if not region.holds(key)]
        lost = {place for place, told in rest if relined_told(told, region.lines) is None}
        if not lost:
            return
        region.take(lost)


def _told_otherwise(every: Mapping[Key, Told], now: Mapping[Key, Told], region: Region) -> set[Place]:
    """The functions that were taken in alone and of which is told something else than before: who hands what on to them may be
    another now, and is known by mentioning them."""
    taken = {key for key in (*every, *now) if key[1:] in region.taken}
    other = {
        key for key in taken & now.keys() if masked(now[key], region.files) != masked(every.get(key), region.files)
    }
    gone = {key for key in taken - now.keys() if not region.begins_elsewhere(key, every[key])}
    return {key[1:] for key in other | gone}


def _kept(every: Mapping[Key, Told], now: Mapping[Key, Told], region: Region) -> dict[Key, Told]:
    """What was told of functions out of the region, and of those in it that others hand an obligation on to."""
    return {
        key: told
        for key, told in every.items()
        if not region.holds(key) or (key not in now and region.begins_elsewhere(key, told))
    }


def _outside(every: Mapping[Key, Told], region: Region) -> dict[Key, Told]:
    """What is told of functions that are not in the region."""
    return {key: told for key, told in every.items() if not region.holds(key)}


def _joined(former: Scan, scan: Scan, now: Mapping[Key, Told], region: Region, told: Mapping[Key, Told]) -> Scan:
    """What is in the region now, and what is told of the rest; `now` is what the scan says."""
    every = [*(one for key, one in now.items() if region.holds(key) and key not in told), *told.values()]
    findings = [one for kept in every for one in kept.findings]
    unexamined = [one for kept in every for one in kept.unexamined]
    standings = [one for kept in every for one in kept.standings]
    touched = region.focus().functions

    def changed(place: Place) -> bool:
        return place in touched or place[0] in region.files

    named = {one for one in former.named if not changed(one)} | {one for one in scan.named if changed(one)}
    kept = {key[1:] for key in told}
    looked = {one for one in former.looked if not changed(one[:2]) or one[:2] in kept}
    looked |= {one for one in scan.looked if changed(one[:2])}
    helpers = {one for one in former.helpers if not changed((one.path, one.function))}
    helpers |= {one for one in scan.helpers if changed((one.path, one.function))}
    return replace(
        scan,
        obligations=former.obligations,
        findings=tuple(
            sorted(findings, key=lambda one: (one.finding.file, one.finding.line, one.finding.obligation.id))
        ),
        unexamined=tuple(sorted(unexamined, key=lambda one: (one.path, one.line, one.obligation))),
        standings=tuple(sorted(standings, key=lambda one: (one.path, one.line, one.function, one.obligation))),
        functions=len(looked),
        files=len({path for path, _, _ in looked}),
        coverage=coverage(named, standings),
        looked=tuple(sorted(looked)),
        named=tuple(sorted(named)),
        helpers=in_order(helpers),
    )
