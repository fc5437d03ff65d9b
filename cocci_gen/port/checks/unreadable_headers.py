"""Both kernels and what some code takes of them -> in words, the headers that nobody can read to their end.

A header that is cut off, or that a merge left its marks in, declares less than it says: all below is gone, as far as the
comparison can see, and the code would be ported to want of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cocci_gen.port.changes.evolutions import Evolution
from cocci_gen.port.texts.include_graph import INCLUDE
from cocci_gen.port.texts.trees import Sources
from cocci_gen.port.texts.unreadable import why_not_read

#: What is wrong with the comparison then, by the kernel that the header is of.
_MEANING = ("what changed of all below is not seen", "all that it declares below is taken to be gone")


def unreadable_headers(
    kernels: tuple[Sources, Sources], evolutions: Iterable[Evolution], texts: Mapping[str, bytes]
) -> Iterator[str]:
    """Of the headers that the code includes by name, and of those from which comes what it meets; a header that is the same in
    both kernels says the same in both."""
    named = {
        f"include/{name.decode('utf-8', 'replace')}" for text in texts.values() for _, name in INCLUDE.findall(text)
    }
    named |= {path for one in evolutions if (path := _path(one))}
    old, new = kernels
    for sources, meaning in zip(kernels, _MEANING, strict=True):
        there = sorted(path for path in named if path in sources.oids and old.oids.get(path) != new.oids.get(path))
        for path, text in sources.texts(there):
            if reason := why_not_read(text):
                yield f"{path} of {sources.name} does not parse: {reason}; {meaning}"


def _path(evolution: Evolution) -> str:
    """The header that declared what changed."""
    return str(getattr(getattr(evolution, "old", None), "path", ""))
