"""The kinds by name, told without their rules, which take 0.3 s to load: a scan that is remembered does without.

Every rule has a template of its kind's name, and every template a rule (`tests/kinds/test_registry.py`).
"""

from __future__ import annotations

from cocci_gen.coccinelle.smpl import changing_templates, templates
from cocci_gen.document.obligations import WITHOUT_TEMPLATE


def working_kinds() -> frozenset[str]:
    """The kinds that a scan examines: those with a rule, and those that need no semantic patch."""
    return frozenset(templates()) | WITHOUT_TEMPLATE


def fixing_kinds() -> frozenset[str]:
    """The kinds whose findings may bring a fix: their template changes code, or (`prototype`) the document is edited."""
    return changing_templates() | WITHOUT_TEMPLATE
