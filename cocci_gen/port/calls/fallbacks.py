"""Code that defines a macro where the kernel has none (`#ifndef DEFINE_SEMAPHORE`), and what changed -> the macros of which the
new kernel still has its own, so that the definition of the code is never compiled and its uses are of the kernel's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from cocci_gen.port.changes.evolutions import Evolution, MacroChanged
from cocci_gen.port.members.unfolded import under_condition
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.plain_text import blank_comments

_DEFINED = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)
_FALLBACK = re.compile(
    rb"^[ \t]*#[ \t]*(?:ifndef[ \t]+(\w+)|if[ \t]+!\s*defined[ \t]*\(?[ \t]*(\w+)[ \t]*\)?)[ \t]*\n"
    rb"(?:[ \t]*\n)*[ \t]*#[ \t]*define[ \t]+(?:\1|\2)\b(?:[^\n\\]|\\[\s\S])*\n(?:[ \t]*\n)*[ \t]*#[ \t]*endif\b",
    re.MULTILINE,
)


def dead_fallbacks(texts: Iterable[bytes], evolutions: Iterable[Evolution], new: Includes) -> frozenset[str]:
    """The names that some code defines nowhere but there, of macros that changed and that a header of the new kernel defines as a
    macro for everybody."""
    defined, kept = Counter[str](), Counter[str]()
    for text in texts:
        clean = blank_comments(text) if b"#" in text else b""
        defined.update(name.decode() for name in _DEFINED.findall(clean))
        kept.update((first or second).decode() for first, second in _FALLBACK.findall(clean))
    alone = {name for name, count in kept.items() if count == defined[name]}
    changed = (one for one in evolutions if isinstance(one, MacroChanged) and one.old.name in alone)
    return frozenset(one.old.name for one in changed if _defines(new, one.new.path, one.old.name))


def _defines(new: Includes, path: str, name: str) -> bool:
    """Whether a header defines a macro outside of all conditions."""
    for _, text in new.texts([path] if new.has(path) else []):
        clean = blank_comments(text)
        found = re.search(rb"^[ \t]*#[ \t]*define[ \t]+" + name.encode() + rb"\b", clean, re.MULTILINE)
        return found is not None and not under_condition(clean.decode("latin-1"), found.start())
    return False
