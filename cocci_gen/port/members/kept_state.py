"""What most use instead of a function that went -> the same words, with the structure that one has to keep for it by now.

`mark_buffer_dirty_inode(bh, inode)` went, and most call `mmb_mark_buffer_dirty(bh, mmb)`.  Nothing of the code is a `struct
mapping_metadata_bhs`: each file system has one of its own in its inode by now, which it sets up, writes out and empties.  What
does that stands in the same header.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from cocci_gen.port.changes.declared import Declared, Function
from cocci_gen.port.changes.evolutions import Evolution, FunctionGone
from cocci_gen.port.members.accessors import Declarations

_CALL = re.compile(r"\b([A-Za-z_]\w*)\(\)")
_TAG = re.compile(r"\bstruct (\w+)\b")
#: More of what takes it too says nothing more.
_MOST = 6


def with_kept_state(
    successors: Mapping[str, str],
    evolutions: Iterable[Evolution],
    before: Declarations,
    now: Declarations,
    said: Callable[[], Collection[str]],
) -> dict[str, str]:
    """By evolution what is used instead of what went, in words, what headers of both kernels declare, and the structures that the
    old headers name -> the same, with what has to be kept for it."""
    told = dict(successors)
    for one in evolutions:
        if isinstance(one, FunctionGone) and one.id in told:
            came = now(one.old.path)
            for name in _CALL.findall(told[one.id]):
                functions = came.functions.get(name, [])
                if len({_tags(each) for each in functions}) == 1 and name not in before(one.old.path).functions:
                    told[one.id] += _words(name, sorted(_tags(functions[0]) - _tags(one.old)), came, said)
    return told


def _words(name: str, tags: Iterable[str], came: Declared, said: Callable[[], Collection[str]]) -> str:
    for tag in tags:
        if tag not in said():
            others = [f"{other}()" for other in sorted(came.functions) if other != name and _takes(came, other, tag)]
            beside = f", which {', '.join(others[:_MOST])} take too" if others else ""
            return f"; {name}() takes a `struct {tag} *`, which was not there before: who uses it keeps one{beside}"
    return ""


def _takes(came: Declared, name: str, tag: str) -> bool:
    return any(tag in _tags(one) for one in came.functions[name])


def _tags(function: Function) -> frozenset[str]:
    """The structures that a function takes."""
    return frozenset(tag for one in function.parameters for tag in _TAG.findall(one))
