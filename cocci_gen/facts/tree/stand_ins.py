"""An entry of a table that names a macro -> the function that the macro stands for, or none at all.

`#define zero_lseek null_lseek` gives a method another name, and `#define no_llseek NULL` leaves it out.  Who looks for a function
of that name finds none, which is no gap of the index.  The file of the table is looked at, and the header of the structure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cocci_gen.facts.tree.definitions import TableEntry

if TYPE_CHECKING:
    from cocci_gen.facts.tree.index import KernelIndex

_NONE = re.compile(rb"\(*(?:\(void ?\*\) ?)?(?:NULL|0)\)*")
_NAME = re.compile(rb"\(*(?:\([^()]*\) ?)?\(*&?([A-Za-z_]\w*)\)*")


def left_out(index: KernelIndex, entry: TableEntry) -> bool:
    """Whether the name stands for NULL: the table leaves the method out."""
    return _NONE.fullmatch(_body(index, entry)) is not None


def stands_for(index: KernelIndex, entry: TableEntry) -> str:
    """The name of the function that the entry's name stands for; "" where it is no such macro."""
    found = _NAME.fullmatch(_body(index, entry))
    return found[1].decode() if found else ""


def _body(index: KernelIndex, entry: TableEntry) -> bytes:
    """What the first macro of that name without parameters is written for, b"" where there is none."""
    define = re.compile(rb"(?m)^[ \t]*#[ \t]*define[ \t]+" + entry.function.encode() + rb"[ \t]+([^\n]+?)[ \t]*$")
    headers = (one.path for one in index.structs.of(entry.struct))
    texts = (index.text(path) for path in (entry.path, *headers))
    return next((found[1] for text in texts if (found := define.search(text)) is not None), b"")
