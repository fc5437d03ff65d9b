"""PageDuties -> those with a `keeper`: a function that hands its page on, and that itself may be who forgets the release.

`err = decode(page); ... out: return err;` looks like a hand-over for good once the release behind it is gone.  Ways that come to
the same return past the call, with the page locked, tell that it is the release behind both that is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cocci_gen.code.searches.machines import Machine
from cocci_gen.kinds.exits.machines import HANDED, LODGED
from cocci_gen.kinds.exits.study import Study
from cocci_gen.kinds.page_duty import PageDuty


def kept_by_givers(machine: Machine, exempt: tuple[str, ...], duties: Sequence[PageDuty]) -> tuple[PageDuty, ...]:
    """The duties, with the keeper among the functions that hand the page on to each; and what hands it on to who keeps it too."""
    studies = [Study(duty, machine, exempt) for duty in duties]
    receiving = [study for study in studies if study.duty.givers and _breaks(study)]
    givers = frozenset().union(*(study.duty.givers for study in receiving))
    keeping = {study.duty.definition for study in studies if study.duty.definition in givers and _keeps(study)}
    torn = {giver: study.duty.graph.name for study in receiving for giver in study.duty.givers if giver in keeping}
    return tuple(
        replace(
            duty,
            keeper=min((one.name for one in duty.givers & keeping), default=""),
            torn=torn.get(duty.definition, ""),
        )
        if duty.givers & keeping or duty.definition in torn
        else duty
        for duty in duties
    )


def _breaks(study: Study) -> bool:
    return any(map(study.breaks, study.explored().arrivals))


def _keeps(study: Study) -> bool:
    """Whether a return is come to with the page handed on and with it in hand, and never with the duty done in the function."""
    states: dict[int, set[str]] = {}
    breaking = set[int]()
    for arrival in study.explored().arrivals:
        states.setdefault(arrival.node, set()).add(arrival.state)
        if study.breaks(arrival):
            breaking.add(arrival.node)
    return any(
        states[number] & {HANDED, LODGED} and states[number] <= {HANDED, LODGED, *study.machine.open}
        for number in breaking
    )
