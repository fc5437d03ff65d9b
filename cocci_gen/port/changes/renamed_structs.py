"""What two kernels declare -> the structures that have another name by now: one that went, and one that came with its members.

`struct fileattr` is `struct file_kattr` in 7.3.  Whoever points to it points to the same thing, so that a prototype with the new
name alone did not change.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from cocci_gen.port.changes.declared import Declared

#: So many members tell a structure from others, and this share of those of both has to be the same.
_FEWEST, _SHARE = 3, 0.8
#: A word of a name that says something.
_WORD = 3
_TYPE = re.compile(r"\b(\w+)\b")

#: The members of a structure with their types, as written.
_Members = frozenset[tuple[str, str]]


def renamed_structs(old: Declared, new: Declared) -> dict[str, str]:
    """The tag before -> the tag by now, where one structure alone can be meant, and one alone claims to be it."""
    before, after = _members(old), _members(new)
    gone = [tag for tag in old.structs if tag not in new.structs and len(before[tag]) >= _FEWEST]
    come = [tag for tag in new.structs if tag not in old.structs]
    found: dict[str, list[str]] = {}
    for tag in gone:
        alike = [other for other in come if _share(before[tag], after[other]) >= _SHARE]
        if len(alike) == 1 and _is_near(old, new, tag, alike[0]):
            found.setdefault(alike[0], []).append(tag)
    return {ones[0]: tag for tag, ones in found.items() if len(ones) == 1}


def respelled(text: str, names: Mapping[str, str]) -> str:
    """A type or prototype with the names that structures have by now."""
    return re.sub(r"\bstruct (\w+)", lambda found: f"struct {names.get(found[1], found[1])}", text) if names else text


def spelled_out(text: str, meant: Mapping[str, str]) -> str:
    """A type or prototype with structures in place of the names of types that stand for them."""
    return _TYPE.sub(lambda found: meant.get(found[1], found[1]), text) if meant else text


def _members(declared: Declared) -> dict[str, _Members]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for (tag, member), ones in declared.members.items():
        found[tag].add((member, re.sub(rf"\bstruct {tag}\b", "struct", ones[0].type)))
    for tag, method in declared.methods:
        found[tag].add((method, "()"))
    return defaultdict(frozenset, {tag: frozenset(ones) for tag, ones in found.items()})


def _share(some: _Members, others: _Members) -> float:
    return len(some & others) / len(some | others) if some & others else 0.0


def _is_near(old: Declared, new: Declared, before: str, after: str) -> bool:
    """Whether both stand in one header, or have a word of their names in common: three numbers make many a structure."""
    words = [{word for word in tag.split("_") if len(word) >= _WORD} for tag in (before, after)]
    return bool(words[0] & words[1]) or not set(old.structs[before]).isdisjoint(new.structs[after])
