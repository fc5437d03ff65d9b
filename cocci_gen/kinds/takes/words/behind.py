"""A call of a macro that is nothing but another call -> that call, as its caller would have written it.

`#define bed_get(sb, number) __bed_get((sb), (number), 0, __func__)` takes what `__bed_get()` takes.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.macros import macros_of

#: Macros that stand for one another.
_DEEPEST = 3
_IN_BRACKETS = re.compile(r"\(\s*(\w+)\s*\)")


def call_meant(call: Call, path: str, index: KernelIndex) -> Call:
    """The call behind one of a macro; the call itself where it is of a function, or the macro is more than that."""
    for _ in range(_DEEPEST):
        behind = _behind(call, path, index)
        if behind is None:
            break
        call = behind
    return call


def name_meant(name: str, path: str, index: KernelIndex) -> str:
    """The function that is called by a name, where that may be a macro, be it with a place that another call leads to."""
    call = Call(name, True, (), 0)
    for _ in range(_DEEPEST):
        call = _behind(call, path, index, leading=True) or call
    return call.callee


def _behind(call: Call, path: str, index: KernelIndex, *, leading: bool = False) -> Call | None:
    """The call that a macro is; `leading` where what it is given may be a place that another call leads to."""
    if not call.direct or index.resolve(call.callee, path):
        return None
    macro = macros_of(index).of(call.callee, path)
    if macro is None:
        return None
    steps = [node for node in macro.graph.nodes if node.text and node.kind != "entry"]
    calls = [one for node in steps for one in node.calls]
    outer = [one for node in steps for one in node.calls if _begins(node.text, one)]
    if len(outer) != 1 or not outer[0].direct or outer[0].callee == call.callee:
        return None
    inner = outer[0]
    beside = [one for one in calls if one is not inner]
    if not all(leading and any(_leads_through(argument, one) for argument in inner.arguments) for one in beside):
        return None  # it does something beside
    given = dict(zip((one.name for one in macro.graph.parameters), call.arguments, strict=False))
    plain = (_IN_BRACKETS.sub(r"\1", one) if _IN_BRACKETS.fullmatch(one) else one for one in inner.arguments)
    return replace(call, callee=inner.callee, arguments=tuple(given.get(one, one) for one in plain))


def _begins(text: str, call: Call) -> bool:
    """Whether a step is a call, with what that is given."""
    return text.startswith((f"{call.callee}(", f"{call.callee} ("))


def _leads_through(argument: str, call: Call) -> bool:
    """Whether an argument is a place in what a call leads to: `&BED_I(inode)->lock`."""
    return re.search(rf"\b{call.callee} ?\(.*\)->", argument) is not None
