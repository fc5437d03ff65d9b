"""What changed, and files of the tree -> those that define what the headers declare otherwise by now.

Whoever changes an interface writes these files anew, in the same patch: they follow no example, they are what the others follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cocci_gen.code.texts.source import file_facts
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged


def interface_files(evolutions: Iterable[Evolution], texts: Mapping[str, bytes]) -> frozenset[str]:
    """What changed between two kernels, and files of the old one by path -> the files with a function that is not static and has
    another prototype by now."""
    changed = {one.old.name for one in evolutions if isinstance(one, FunctionChanged)}
    return frozenset(
        path
        for path, text in texts.items()
        if any(one.name in changed and not one.static for one in file_facts(text, ()).functions)
    )
