"""The kinds of obligation that have a rule, one line each."""

from __future__ import annotations

from typing import Any

from cocci_gen.facts.sleeps.sleep_chains import Forbidden
from cocci_gen.kinds.calls.forbidden import ForbiddenCallRule
from cocci_gen.kinds.calls.required import RequiredCallRule
from cocci_gen.kinds.exits.loops import LoopRule
from cocci_gen.kinds.exits.machines import ENDS, UNLOCKS, WRITEBACK
from cocci_gen.kinds.exits.rule import ExitRule
from cocci_gen.kinds.handovers.fault_codes import FaultCodeRule
from cocci_gen.kinds.handovers.rule import HandoverRule
from cocci_gen.kinds.keeps.rule import KeepRule
from cocci_gen.kinds.locks.areas import AreaRule
from cocci_gen.kinds.locks.callers import CallerRule
from cocci_gen.kinds.locks.demanded import DemandRule
from cocci_gen.kinds.locks.gaps import GapRule
from cocci_gen.kinds.locks.relocks import RelockRule
from cocci_gen.kinds.locks.unheld import UnheldLockRule
from cocci_gen.kinds.returns.rule import ReturnRule
from cocci_gen.kinds.sleeps.freed import FreedRule
from cocci_gen.kinds.sleeps.freed_itself import FreedItselfRule
from cocci_gen.kinds.sleeps.rule import CallRule
from cocci_gen.kinds.sleeps.ways_out import WayOutRule
from cocci_gen.kinds.suspects import Rule, WholeLook
from cocci_gen.kinds.takes.ended import EndedRule
from cocci_gen.kinds.takes.fixes.anew import newly_broken
from cocci_gen.kinds.takes.rule import GivesBackRule

_EVERY: tuple[Rule[Any], ...] = (
    ExitRule("unlocks", UNLOCKS, frozenset({"release"}), ("AOP_WRITEPAGE_ACTIVATE",)),
    ExitRule("writeback", WRITEBACK, frozenset({"start", "redirty"})),
    ExitRule("writeback", ENDS, frozenset({"end"}), opens="start"),
    LoopRule(),
    CallRule("never_sleeps", Forbidden.SLEEP),
    CallRule("rcu_walk", Forbidden.SLEEP),
    CallRule("rcu_walk", Forbidden.UNPINNED),
    WayOutRule(),
    FreedRule(),
    FreedItselfRule(),
    CallRule("irq_safe", Forbidden.INTERRUPTS),
    RelockRule(),
    GapRule(),
    AreaRule(),
    HandoverRule(),
    FaultCodeRule(),
    KeepRule(),
    GivesBackRule(),
    CallerRule(),
    ReturnRule(),
    RequiredCallRule(),
    EndedRule(),
    ForbiddenCallRule(),
    UnheldLockRule(),
    DemandRule(),
)

#: Kind -> its rules; most have one.
RULES: dict[str, tuple[Rule[Any], ...]] = {
    kind: tuple(rule for rule in _EVERY if rule.kind == kind) for kind in dict.fromkeys(rule.kind for rule in _EVERY)
}

#: What a fix may break that no duty of a scan was about: looked at in the whole of a mended function, beside its duties.
WHOLE_LOOKS: tuple[WholeLook, ...] = (newly_broken,)
