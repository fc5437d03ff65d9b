"""What changed -> a check of templates: an argument that is given by its address since, though its parameter points to what it
pointed to, became a structure in the examples.

`device_create(bdi_class, ...)` is `device_create(&bdi_class, ...)` where the tree made a structure of a pointer.  Whoever has a
pointer still gives the pointer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.texts.parameters import Kept, MovedAway, Retyped, without_name
from cocci_gen.port.texts.terms import HOLE, Term, subterms


def lost_pointers(evolutions: Iterable[Evolution]) -> Callable[[Template], tuple[str, ...]]:
    """What changed -> for a template, the metavariables that stand for pointers before and for structures after."""
    places = {one.old.name: dict(_places(one)) for one in evolutions if isinstance(one, FunctionChanged)}

    def lost(template: Template) -> tuple[str, ...]:
        return tuple(f"the pointer E{hole}" for hole in dict.fromkeys(_turned(template, places)))

    return lost


def _places(one: FunctionChanged) -> Iterator[tuple[int, int]]:
    """The parameters that point through as many stars as before: their old and new numbers."""
    for step in one.steps:
        if isinstance(step, Kept | Retyped | MovedAway):
            stars = [
                without_name(some).count("*") for some in (one.old.parameters[step.old], one.new.parameters[step.new])
            ]
            if stars[0] == stars[1]:
                yield step.old, step.new


def _turned(template: Template, places: Mapping[str, Mapping[int, int]]) -> Iterator[int]:
    now = list(_calls(template.right))
    for name, old in _calls(template.left):
        for new in (given for other, given in now if other == name):
            for before, after in places.get(name, {}).items():
                inside = before < len(old) and after < len(new) and _is_hole(old[before])
                if inside and new[after] == ("pointer_expression", "&", old[before]):
                    yield int(old[before][1])


def _calls(term: Term) -> Iterator[tuple[str, Sequence[Term]]]:
    """The functions that a term calls by name, with the arguments."""
    for part in subterms(term):
        if part[0] == "call_expression" and isinstance(part[1], tuple) and part[1][0] == "identifier":
            yield str(part[1][1]), [one for one in part[2][1:] if isinstance(one, tuple)]


def _is_hole(term: Term) -> bool:
    return isinstance(term, tuple) and term[0] == HOLE
