"""Leaf between stages 2 and 4: the kinds of obligation that have a rule, one line each."""

from __future__ import annotations

from cocci_gen.exits import ExitRule

#: What cannot be seen through, or keeps the page: behind it the obligation is somebody else's, or unknown.
_BEYOND = frozenset({"escape", "hand_on", "unknown"})

EXIT_RULES = {
    rule.kind: rule
    for rule in (
        ExitRule("unlocks", _BEYOND | {"release"}, frozenset({"release"}), ("AOP_WRITEPAGE_ACTIVATE",)),
        ExitRule("writeback", _BEYOND | {"start", "redirty"}, frozenset({"start", "redirty"}), ()),
    )
}
