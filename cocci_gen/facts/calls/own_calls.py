"""The tables of page_calls.toml -> the same with the own words of file systems, those of the user included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cocci_gen.own_words import own_words

#: Key of page_calls.toml's [marks] -> key of [vocabulary].
_MARKS = {
    "release": "unlocks_page",
    "take": "locks_page",
    "start": "starts_writeback",
    "end": "ends_writeback",
    "redirty": "redirties",
}


def with_own_calls(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tables, with further names and patterns in [marks], [hands_on], [neutral] and [alias]."""
    own = own_words()
    marks = {mark: [*names, *own.names(_MARKS[mark])] for mark, names in data["marks"].items()}
    neutral = data["neutral"] | {
        "names": [*data["neutral"]["names"], *own.names("neutral")],
        "patterns": [*data["neutral"]["patterns"], *(f"^{one}$" for one in own.patterns("neutral"))],
        "quiet": [*data["neutral"]["quiet"], *(f"^{one}$" for one in (*own.names("debug"), *own.patterns("debug")))],
    }
    hands_on = data["hands_on"] | {"names": [*data["hands_on"]["names"], *own.names("hands_on")]}
    alias = data["alias"] | {"names": [*data["alias"]["names"], *own.names("same_page")]}
    return {**data, "marks": marks, "neutral": neutral, "hands_on": hands_on, "alias": alias}
