"""Two kernels -> the rules that their headers and documents decide alone, whoever's examples are left out, found once for what
changed."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.port.calls.defined_values import value_rules
from cocci_gen.port.calls.gathered_parameters import gathered_rules
from cocci_gen.port.changes.evolutions import Evolution
from cocci_gen.port.documents.porting_notes import notes_between
from cocci_gen.port.documents.said_renames import said_rename_rules
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.members.accessors import Declarations
from cocci_gen.port.members.freed_members import freed_rules
from cocci_gen.port.members.unfolded import unfolded_rules
from cocci_gen.port.tables.lost_entries import null_rules
from cocci_gen.port.texts.trees import Sources


@dataclass(frozen=True, slots=True)
class FromHeaders:
    """The rules, by sort: each has its place among those that are learned."""

    nulls: tuple[PortRule, ...]
    unfolded: tuple[PortRule, ...]
    values: tuple[PortRule, ...]
    freed: tuple[PortRule, ...]
    gathered: tuple[PortRule, ...]
    said: tuple[PortRule, ...]


class HeaderRules:
    """What the headers of both kernels decide about what changed; reading them for it takes seconds, and a replay asks for each
    group that it leaves out."""

    def __init__(self, old: Sources, new: Sources, before: Declarations, now: Declarations) -> None:
        self._old, self._new = old, new
        self._before, self._now = before, now
        self._known: dict[tuple[Evolution, ...], FromHeaders] = {}

    def of(self, evolutions: tuple[Evolution, ...]) -> FromHeaders:
        """What changed, methods as the groups at hand show them -> the rules."""
        if evolutions not in self._known:
            self._known[evolutions] = FromHeaders(
                tuple(null_rules(evolutions, self._old, self._before)),
                tuple(unfolded_rules(evolutions, self._old, self._before)),
                tuple(value_rules(evolutions, self._old, self._new)),
                tuple(freed_rules(evolutions, self._old, self._before, self._now)),
                tuple(gathered_rules(evolutions, self._new)),
                tuple(said_rename_rules(evolutions, notes_between(self._old, self._new), self._now, self._new)),
            )
        return self._known[evolutions]
