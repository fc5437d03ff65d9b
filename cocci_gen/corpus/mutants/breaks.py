"""The families of rules whose breach can be made by a mutation, one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cocci_gen.corpus.mutants.call_mutations import barred_breaks, call_breaks, owed_breaks
from cocci_gen.corpus.mutants.exit_mutations import exit_breaks, loop_breaks
from cocci_gen.corpus.mutants.held_mutations import demand_breaks, fault_breaks
from cocci_gen.corpus.mutants.lock_mutations import (
    area_breaks,
    gap_breaks,
    handover_breaks,
    keep_breaks,
    relock_breaks,
    unheld_breaks,
)
from cocci_gen.corpus.mutants.mutations import Bound, Break
from cocci_gen.corpus.mutants.take_mutations import ended_breaks, take_breaks
from cocci_gen.corpus.mutants.value_mutations import value_breaks, way_out_breaks
from cocci_gen.kinds.calls.forbidden import ForbiddenCallRule
from cocci_gen.kinds.calls.required import RequiredCallRule
from cocci_gen.kinds.exits.loops import LoopRule
from cocci_gen.kinds.exits.rule import ExitRule
from cocci_gen.kinds.handovers.fault_codes import FaultCodeRule
from cocci_gen.kinds.handovers.rule import HandoverRule
from cocci_gen.kinds.keeps.rule import KeepRule
from cocci_gen.kinds.locks.areas import AreaRule
from cocci_gen.kinds.locks.demanded import DemandRule
from cocci_gen.kinds.locks.gaps import GapRule
from cocci_gen.kinds.locks.relocks import RelockRule
from cocci_gen.kinds.locks.unheld import UnheldLockRule
from cocci_gen.kinds.returns.rule import ReturnRule
from cocci_gen.kinds.sleeps.rule import CallRule
from cocci_gen.kinds.sleeps.ways_out import WayOutRule
from cocci_gen.kinds.takes.ended import EndedRule
from cocci_gen.kinds.takes.rule import GivesBackRule

#: Family of rules -> what makes the breaks of one rule in one method.
BREAKS: dict[type, Callable[[Any, Bound], Iterator[Break]]] = {
    AreaRule: area_breaks,
    CallRule: call_breaks,
    DemandRule: demand_breaks,
    EndedRule: ended_breaks,
    ExitRule: exit_breaks,
    FaultCodeRule: fault_breaks,
    ForbiddenCallRule: barred_breaks,
    GapRule: gap_breaks,
    GivesBackRule: take_breaks,
    HandoverRule: handover_breaks,
    KeepRule: keep_breaks,
    LoopRule: loop_breaks,
    RelockRule: relock_breaks,
    RequiredCallRule: owed_breaks,
    ReturnRule: value_breaks,
    UnheldLockRule: unheld_breaks,
    WayOutRule: way_out_breaks,
}
