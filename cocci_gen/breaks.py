"""Beside the stages: the kinds of obligation whose breach can be made by a mutation, one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cocci_gen.exit_mutations import exit_breaks
from cocci_gen.mutations import Bound, Break

#: Kind -> what makes the breaks of one rule of that kind in one method.
BREAKS: dict[str, Callable[[Any, Bound], Iterator[Break]]] = {
    "unlocks": exit_breaks,
    "writeback": exit_breaks,
}
