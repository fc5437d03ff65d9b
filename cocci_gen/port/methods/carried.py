"""A parameter that a structure carries by now -> how a body comes to it: `enum reason reason = detail->reason;`.

Who bundles parameters says so in the header: the structure that stands in place of the old parameter has one member of its type,
by its name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from cocci_gen.port.changes.declared import Declared, Method
from cocci_gen.port.changes.evolutions import Evolution, MethodChanged, MethodRenamed, plain_type
from cocci_gen.port.texts.parameters import Retyped, name_of, without_name

_POINTED = re.compile(r"(?:const )?struct (\w+) \*")
#: A header by path -> what it declares in the new kernel.
Declarations = Callable[[str], Declared]


def carried(old: Method, new: Method, step: Retyped, declarations: Declarations) -> str:
    """A method before and after, and a parameter that points to a structure by now -> the value of the old one, with the number
    of the new one in braces (`{1}->reason`); "" where the header of the method does not tell."""
    before, after = old.prototype.parameters[step.old], new.prototype.parameters[step.new]
    found = _POINTED.fullmatch(without_name(after))
    kind, name = plain_type(without_name(before)), name_of(before)
    if found is None or not name or re.search(rf"\bstruct {found[1]}\b", kind):
        return ""
    members = [ones[0] for (tag, _), ones in declarations(new.path).members.items() if tag == found[1]]
    same = [one.name for one in members if plain_type(one.type) == kind]
    return f"{{{step.new}}}->{name}" if same == [name] else ""


#: The structure of a method with the type of a parameter before and after -> the member that carries it.
Siblings = Mapping[tuple[str, str, str], str]


def by_siblings(evolutions: Iterable[Evolution], declarations: Declarations) -> Siblings:
    """What changed -> how the parameters of one structure's methods are carried, as far as some say it by their name and none
    otherwise: where ->add_key() has its `netdev` from `wdev->netdev`, ->get_station() has its `dev` from there."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in (each for each in evolutions if isinstance(each, MethodChanged | MethodRenamed)):
        for step in one.steps:
            if isinstance(step, Retyped) and (value := carried(one.old, one.new, step, declarations)):
                found[_key(one.old, one.new, step)].add(value.partition("->")[2])
    return {key: next(iter(members)) for key, members in found.items() if len(members) == 1}


def carried_alike(old: Method, new: Method, step: Retyped, siblings: Siblings) -> str:
    """The same for a parameter that goes by another name than the member."""
    member = siblings.get(_key(old, new, step), "")
    return f"{{{step.new}}}->{member}" if member else ""


def _key(old: Method, new: Method, step: Retyped) -> tuple[str, str, str]:
    parameters = old.prototype.parameters[step.old], new.prototype.parameters[step.new]
    before, after = (plain_type(without_name(one)) for one in parameters)
    return old.struct, before, after
