"""The head of an entry in a data file -> Binding, which obligations the entry is about."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.document.obligations import Obligation
from cocci_gen.document.readings import Mode


@dataclass(frozen=True, slots=True)
class Binding:
    """Methods of a struct, and the functions of which the obligation must name one (none: whatever it names)."""

    struct: str
    methods: tuple[str, ...]
    names: frozenset[str]

    def binds(self, obligation: Obligation) -> bool:
        """Whether the entry is about this obligation."""
        if obligation.mode in (Mode.DEMANDED, Mode.ENDED):
            return False  # these have rules of their own
        mine = obligation.struct == self.struct and obligation.method in self.methods
        return mine and (not self.names or bool(self.names & set(obligation.names)))
