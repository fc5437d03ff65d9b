"""Leaf between stages 2 and 6: the kinds of obligation that have a rule, one line each."""

from __future__ import annotations

from typing import Any

from cocci_gen.caller_locks import CallerRule
from cocci_gen.chains import Forbidden
from cocci_gen.exits import ExitRule
from cocci_gen.forbidden_calls import ForbiddenCallRule
from cocci_gen.handovers import HandoverRule
from cocci_gen.keepers import KeepRule
from cocci_gen.lock_gaps import GapRule
from cocci_gen.obligations import WITHOUT_TEMPLATE
from cocci_gen.relocks import RelockRule
from cocci_gen.required_calls import RequiredCallRule
from cocci_gen.return_values import ReturnRule
from cocci_gen.sleepers import CallRule
from cocci_gen.smpl import changing_templates
from cocci_gen.suspects import Rule
from cocci_gen.unheld_locks import UnheldLockRule

#: What cannot be seen through, or keeps the page: behind it the obligation is somebody else's, or unknown.
_BEYOND = frozenset({"escape", "hand_on", "unknown"})

_EVERY: tuple[Rule[Any], ...] = (
    ExitRule("unlocks", _BEYOND | {"release"}, frozenset({"release"}), ("AOP_WRITEPAGE_ACTIVATE",)),
    ExitRule("writeback", _BEYOND | {"start", "redirty"}, frozenset({"start", "redirty"})),
    ExitRule("writeback", _BEYOND | {"end"}, frozenset({"end"}), opens="start"),
    CallRule("never_sleeps", Forbidden.SLEEP),
    CallRule("rcu_walk", Forbidden.SLEEP),
    CallRule("rcu_walk", Forbidden.PARENT),
    CallRule("irq_safe", Forbidden.INTERRUPTS),
    RelockRule(),
    GapRule(),
    HandoverRule(),
    KeepRule(),
    CallerRule(),
    ReturnRule(),
    RequiredCallRule(),
    ForbiddenCallRule(),
    UnheldLockRule(),
)

#: Kind -> its rules; most have one.
RULES: dict[str, tuple[Rule[Any], ...]] = {
    kind: tuple(rule for rule in _EVERY if rule.kind == kind) for kind in dict.fromkeys(rule.kind for rule in _EVERY)
}


def working_kinds() -> frozenset[str]:
    """The kinds that a scan examines: those with a rule, and those that need no semantic patch."""
    return frozenset(RULES) | WITHOUT_TEMPLATE


def fixing_kinds() -> frozenset[str]:
    """The kinds whose findings may bring a fix: their template changes code, or (`prototype`) the document is edited."""
    return frozenset(RULES) & changing_templates() | WITHOUT_TEMPLATE
