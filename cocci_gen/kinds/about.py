"""A step -> About, what it gives back or does to which things, and whether another step may change that."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cocci_gen.code.graphs.control_flow import Call, Node
from cocci_gen.kinds.ends import changes, is_quiet, nouns_of, prints_for_user
from cocci_gen.kinds.pairs import undoing

_PLACE = re.compile(r"(?<![\w.>])[a-z_]\w*(?:(?:->|\.)\w+)*(?!\w* ?\()")


@dataclass(frozen=True, slots=True)
class About:
    """What a step is about: the things that its calls are given, that it sets or asks for; and what it does to which.

    `plain` tells that the names of its calls say that they give back: so does then the name of what takes.  `nouns` say of what,
    where it is more than the thing as such.
    """

    things: frozenset[str]
    deeds: frozenset[tuple[str, tuple[str, ...]]]
    plain: bool
    nouns: frozenset[str]

    def touched_by(self, node: Node) -> bool:
        """Whether another step sets one of the things, asks for it, hands it to a call that may take or give it back, or does
        the same."""
        if any(self._holds(a.left) for a in node.assignments) or not self.things.isdisjoint(_asked(node)):
            return True
        if self.nouns and any(a.left.startswith(f"{one}->") for a in node.assignments for one in self.things):
            return True
        return not self.deeds.isdisjoint(deeds_of(node)) or any(self.is_given(call) for call in node.calls)

    def is_given(self, call: Call) -> bool:
        """Whether a call is given one of the things and may take it or give it back."""
        if is_quiet(call):
            return False
        telling = not self.plain or changes(call)
        if any(back in undoing(call.callee) and what == call.arguments[:1] for back, what in self.deeds):
            return True
        if self.nouns and changes(call) and self.nouns <= nouns_of(call):
            return True
        if not self.things and not call.arguments and telling:
            return True
        given = [text for text in call.arguments if self._holds(text.removeprefix("&"))]
        return any(text.startswith("&") for text in given) or (bool(given) and telling)

    def _holds(self, place: str) -> bool:
        """Whether something is one of the things, or holds one of them as a member."""
        base = place.partition("[")[0].strip("*( )")
        return any(one == base or one.startswith((f"{base}->", f"{base}.")) for one in self.things)


def about(node: Node, variable: str) -> About:
    """What a step is about, the variable of the returned value left out."""
    texts = [text for call in node.calls for text in call.arguments] + [a.left for a in node.assignments]
    texts += [node.text] if node.kind in ("condition", "switch") else []
    things = frozenset(place for text in texts for place in _PLACE.findall(text)) - {variable}
    plain = all(changes(call) for call in node.calls if not is_quiet(call))
    return About(things, frozenset(deeds_of(node)), plain, frozenset().union(*map(nouns_of, node.calls)))


def given_of(node: Node) -> About:
    """What a step that gives back is about, no more than what it gives back: what a flag beside it says may change."""
    first = (text for call in node.calls for text in call.arguments[:1])
    return replace(about(node, ""), things=frozenset(place for text in first for place in _PLACE.findall(text)))


def _asked(node: Node) -> set[str]:
    """What a test asks for itself: what it only hands to a call is the same on both sides."""
    if node.kind not in ("condition", "switch"):
        return set()
    given = (text for call in node.calls if not call.callee.startswith("IS_ERR") for text in call.arguments)
    return set(_PLACE.findall(node.text)) - {place for text in given for place in _PLACE.findall(text)}


def deeds_of(node: Node) -> set[tuple[str, tuple[str, ...]]]:
    """What the calls of a step do, each to what it is given first."""
    return {
        (call.callee, call.arguments[:1]) for call in node.calls if not is_quiet(call) and not prints_for_user(call)
    }
