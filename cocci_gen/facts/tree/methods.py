"""A function that is set to a member of a structure -> whether it can be that method.

A table says whose method it is.  An assignment `x->open = fn` does not say of which structure x is, and there are hundreds with
an `open`; the compiler has fn take and return what the method does, so the prototype in the header decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.heads import fits, head_of, plain

if TYPE_CHECKING:
    from cocci_gen.facts.tree.index import KernelIndex

#: Bytes of a function within which its head ends.
_LONGEST_HEAD = 4000


def may_be_set(index: KernelIndex, struct: str, method: str, definition: Definition) -> bool:
    """Whether a function takes and returns what a method of a structure does; so it is where either is not known."""
    prototypes = [one for defined in index.structs.of(struct) for one in defined.prototypes(method)]
    if not prototypes:
        return True
    start = definition.span.start
    text = index.text(definition.path)[start : min(definition.span.end, start + _LONGEST_HEAD)]
    head = head_of(plain(text), definition.name)
    return head is None or any(fits(head, prototype) for prototype in prototypes)
