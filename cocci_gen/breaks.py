"""Beside the stages: the families of rules whose breach can be made by a mutation, one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cocci_gen.call_mutations import barred_breaks, call_breaks, owed_breaks
from cocci_gen.exit_mutations import exit_breaks
from cocci_gen.exits import ExitRule
from cocci_gen.forbidden_calls import ForbiddenCallRule
from cocci_gen.handovers import HandoverRule
from cocci_gen.keepers import KeepRule
from cocci_gen.lock_gaps import GapRule
from cocci_gen.lock_mutations import gap_breaks, handover_breaks, keep_breaks, relock_breaks, unheld_breaks
from cocci_gen.mutations import Bound, Break
from cocci_gen.relocks import RelockRule
from cocci_gen.required_calls import RequiredCallRule
from cocci_gen.return_values import ReturnRule
from cocci_gen.sleepers import CallRule
from cocci_gen.unheld_locks import UnheldLockRule
from cocci_gen.value_mutations import value_breaks

#: Family of rules -> what makes the breaks of one rule in one method.
BREAKS: dict[type, Callable[[Any, Bound], Iterator[Break]]] = {
    CallRule: call_breaks,
    ExitRule: exit_breaks,
    ForbiddenCallRule: barred_breaks,
    GapRule: gap_breaks,
    HandoverRule: handover_breaks,
    KeepRule: keep_breaks,
    RelockRule: relock_breaks,
    RequiredCallRule: owed_breaks,
    ReturnRule: value_breaks,
    UnheldLockRule: unheld_breaks,
}
