"""The instances of methods after all rules -> Leftover, where one hands its new parameter to what takes the old structure.

Where the tree's bodies use the successor of a parameter as they used the parameter, so does the code at hand; what these bodies
call followed, and a function of the code's own did not.  Compilers may only warn of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cocci_gen.port.calls.handed_on import Place
from cocci_gen.port.methods.head_plans import HeadPlan, has_prototype, tags_between
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.instances import Code, Instance, Written, head_of
from cocci_gen.port.texts.parameters import Retyped, name_of, without_name
from cocci_gen.port.texts.terms import function_term, subterms


def handed_wrong(
    plans: Iterable[HeadPlan],
    instances: Mapping[tuple[str, str], Sequence[Instance]],
    after: Code,
    names: Mapping[str, str],
) -> Iterator[Leftover]:
    """How heads follow, the functions that tables name, the code after all rules, and the new names of functions."""
    for plan in plans:
        one = plan.evolution
        for step in one.steps:
            tags = tags_between(one, step, "*") if isinstance(step, Retyped) else None
            if tags is None or not isinstance(step, Retyped) or tags[0] == tags[1]:
                continue
            for each in instances.get((one.old.struct, one.old.name), ()):
                function = after.resolve(names.get(each.function.name, each.function.name), each.function.path)
                head = head_of(function) if function is not None else None
                if function is None or head is None or not has_prototype(head, one.new):
                    continue
                given = name_of(head.parameters[step.new])
                for callee, line in _takers(function, given, tags[0], after):
                    reason = f"`{given}` is a `struct {tags[1]} *` by now, and {callee}() takes a `struct {tags[0]} *`"
                    yield Leftover(function.path, line, one.id, reason, plan.shown[:3], function.name)


def _takers(function: Written, given: str, tag: str, code: Code) -> Iterator[tuple[str, int]]:
    """The functions of the code that get a name of a function where they take such a structure, with the lines of the calls."""
    body = function_term(function.text)
    for call in subterms(body) if body is not None and given else ():
        if call[0] != "call_expression" or not isinstance(call[1], tuple) or call[1][0] != "identifier":
            continue
        arguments = [one for one in call[2][1:] if isinstance(one, tuple)]
        for place in (number for number, one in enumerate(arguments) if one == ("identifier", given)):
            if _takes((str(call[1][1]), place), tag, function.path, code):
                found = re.search(rb"(?<![.>\w])" + str(call[1][1]).encode() + rb"[ \t\n]*\(", function.text)
                line = function.text.count(b"\n", 0, found.start()) if found is not None else 0
                yield str(call[1][1]), function.span.line + line


def _takes(place: Place, tag: str, path: str, code: Code) -> bool:
    """Whether the function of that name which a file of the code means takes a pointer to a structure there."""
    name, number = place
    callee = code.resolve(name, path)
    head = head_of(callee) if callee is not None else None
    if head is None or number >= len(head.parameters):
        return False
    return re.fullmatch(rf"(?:const )?struct {tag} \*", without_name(head.parameters[number])) is not None
