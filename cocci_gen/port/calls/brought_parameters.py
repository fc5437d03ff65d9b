"""Methods and functions that take the same thing more by now -> rules for instances that call such a function: they hand it on.

`->thaw_super` brings an owner since 7.3, and thaw_super() takes one.  Most of the tree calls that with NULL, for it has none; an
instance of the method has one, and a lock that it asks for without would be nobody's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cocci_gen.port.calls.constant_arguments import takes_more
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, MethodChanged, MethodRenamed
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.texts.instances import Instance
from cocci_gen.port.texts.parameters import Added, meant, without_name

_POINTER = re.compile(r"(?:const )?(?:struct \w+|void) \*+")
#: A method of a structure.
_Method = tuple[str, str]


def brought_rules(
    evolutions: Iterable[Evolution], instances: Mapping[_Method, Sequence[Instance]]
) -> Iterator[PortRule]:
    """What changed, and the functions of the code by method -> a rule for each pair of a method and a function that take one
    pointer more, of the same type: for the instances that call the function."""
    listed = list(evolutions)
    functions = defaultdict(list)
    for one in listed:
        if isinstance(one, FunctionChanged) and takes_more(one) and (kind := _came(one)):
            functions[meant(kind)].append(one)
    for method in (one for one in listed if isinstance(one, MethodChanged | MethodRenamed)):
        kind = _came(method)
        ones = instances.get((method.old.struct, method.old.name), ())
        names = sorted({one.function.name for one in ones}) if kind else []
        for function in functions[meant(kind)] if names else ():
            if any(re.search(rb"\b%s\b" % function.old.name.encode(), one.function.text) for one in ones):
                yield _rule(method, function, without_name(kind), names)


def _came(change: FunctionChanged | MethodChanged | MethodRenamed) -> str:
    """The one parameter that came, if it is a pointer and the only one of its type; "" else."""
    parameters = change.new.parameters if isinstance(change, FunctionChanged) else change.new.prototype.parameters
    came = [parameters[step.new] for step in change.steps if isinstance(step, Added)]
    alone = len(came) == 1 and [meant(one) for one in parameters].count(meant(came[0])) == 1
    return came[0] if alone and _POINTER.fullmatch(without_name(came[0])) else ""


def _rule(
    method: MethodChanged | MethodRenamed, function: FunctionChanged, kind: str, names: Sequence[str]
) -> PortRule:
    name, count = function.old.name, len(function.old.parameters)
    (place,) = (step.new for step in function.steps if isinstance(step, Added))
    given = [f"A{number}" for number in range(count)]
    declared = f"identifier fn = {{{', '.join(names)}}};\nidentifier P;\n"
    declared += "".join(f"expression {one};\n" for one in given)
    now = ", ".join([*given[:place], "P", *given[place:]])
    text = (
        f"@brought_{name}@\n{declared}@@\n fn(..., {kind}P, ...)\n {{\n <...\n"
        f"- {name}({', '.join(given)})\n+ {name}({now})\n ...>\n }}\n"
    )
    title = f"{name}() gets the `{kind}` that ->{method.new.name} brings by now"
    words = (frozenset({name}), frozenset(names))
    return PortRule(f"{function.id}.{method.id}.brought", function.id, title, text, Declarations(), words)
