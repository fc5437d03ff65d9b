"""A parameter that a structure carries by now -> how a body comes to it: `enum reason reason = detail->reason;`.

Who bundles parameters says so in the header: the structure that stands in place of the old parameter has one member of its type,
by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cocci_gen.port.changes.declared import Declared, Method
from cocci_gen.port.changes.evolutions import plain_type
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
