"""What one kind of the family owes at a return -> Owing, which says what ends a path, and by which primitives."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Node
from cocci_gen.code.searches.machines import Machine
from cocci_gen.facts.pages.summaries import BEYOND


@dataclass(frozen=True, slots=True)
class Owing:
    """The machine of a kind, `owed` the marks that a breaking path lacks, `exempt` the returned values that the contract excuses.

    The obligation begins with the function, or (`opens`) behind the calls that have this mark.
    """

    kind: str
    machine: Machine
    owed: frozenset[str]
    exempt: tuple[str, ...] = ()
    opens: str = ""

    @property
    def stops(self) -> frozenset[str]:
        """The marks that end a path."""
        return self.owed | BEYOND

    @property
    def primary(self) -> tuple[str, ...]:
        """The primitives that discharge the obligation, which every semantic patch of the kind names."""
        if self.opens:
            return ("end_page_writeback", "folio_end_writeback")
        if self.kind == "unlocks":
            return ("unlock_page", "folio_unlock")
        return (
            "redirty_page_for_writepage",
            "folio_redirty_for_writepage",
            "set_page_writeback",
            "folio_start_writeback",
        )

    def excuses(self, node: Node) -> bool:
        """Whether a return hands back what the contract excuses."""
        return any(value in node.text for value in self.exempt)
