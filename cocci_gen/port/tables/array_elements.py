"""Variables that went, and arrays of both trees that named them -> rules that do to other arrays what the tree did.

`&posix_acl_access_xattr_handler` went from every list of handlers, with nothing in its place, and behind an index it became
`&nop_posix_acl_access`.  An element goes only if all lists of the tree lost it and enough of them got nothing that they had
not: a list that has something else of the kernel instead shows that it has to be named.  What a file defines itself is nobody's
successor.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import ConstantGone, Evolution
from cocci_gen.port.lessons.examples import Examples, group_of
from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.lessons.support import enough, learned
from cocci_gen.port.texts.plain_text import plain

_ARRAY = re.compile(rb"\b(\w+)[ \t]*\[[ \t]*\w*[ \t]*\][ \t\n]*=[ \t\n]*\{([^{};]*)\}[ \t\n]*;")
_ELEMENT = re.compile(rb"(?:^|[,\n])[ \t]*(?:\[([^\]]+)\][ \t\n]*=[ \t\n]*)?&[ \t]*(\w+)")


@dataclass(frozen=True, slots=True)
class Array:
    """One array of addresses before and after: names without an index in their order, and others by their index; and what came
    that its own file does not define."""

    path: str
    variable: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    old_at: Mapping[str, str]
    new_at: Mapping[str, str]
    foreign: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """`fs/ext2/xattr.c: ext2_xattr_handlers`."""
        return f"{self.path}: {self.variable}"


def arrays_of(examples: Examples) -> tuple[Array, ...]:
    """The arrays that stand once under the same name in the same file of both trees."""
    found = []
    for path, text in examples.old.texts.items():
        if path in examples.new.texts and _ARRAY.search(text):
            before, after = _arrays(text), _arrays(examples.new.texts[path])
            for name in sorted(before.keys() & after.keys()):
                (old, old_at), (new, new_at) = before[name], after[name]
                text_now = examples.new.texts[path]
                foreign = frozenset(one for one in set(new) - set(old) if not _defines(text_now, one))
                found.append(Array(path, name, old, new, old_at, new_at, foreign))
    return tuple(found)


def _arrays(text: bytes) -> dict[str, tuple[tuple[str, ...], dict[str, str]]]:
    """By name the elements of the arrays of a file; without those that stand there twice."""
    found: dict[str, list[tuple[tuple[str, ...], dict[str, str]]]] = defaultdict(list)
    for name, inside in _ARRAY.findall(plain(text).code):
        elements = [(index.decode().strip(), one.decode()) for index, one in _ELEMENT.findall(inside)]
        listed = tuple(one for index, one in elements if not index)
        found[name.decode()].append((listed, {index: one for index, one in elements if index}))
    return {name: ones[0] for name, ones in found.items() if len(ones) == 1}


def _defines(text: bytes, name: str) -> bool:
    return re.search(rf"\b{name}[ \t]*=[ \t\n]*\{{".encode(), text) is not None


def element_rules(
    evolutions: Iterable[Evolution], arrays: Iterable[Array], excluded: Collection[str] = ()
) -> Iterator[PortRule]:
    """What changed, and the arrays of both trees -> the rules for arrays that name variables which went."""
    some = [one for one in arrays if group_of(one.path) not in excluded]
    for gone in evolutions:
        if isinstance(gone, ConstantGone) and gone.old.variable:
            yield from _at_index(gone, [one for one in some if gone.old.name in one.old_at.values()])
            yield from _in_list(gone, [one for one in some if gone.old.name in one.old])


def _at_index(gone: ConstantGone, arrays: Sequence[Array]) -> Iterator[PortRule]:
    """The rule for an element behind an index, if nearly all arrays have the same one there by now."""
    name = gone.old.name
    now = {one.place: _successor(one, name) for one in arrays}
    for new, count in Counter(now.values()).most_common(1):
        shown = [place for place, given in now.items() if given == new]
        groups = {group_of(place.partition(":")[0]) for place in shown}
        if new in ("", name) or not enough(count, len(arrays), groups):
            continue
        others = [place for place in now if place not in shown]
        ground = learned(shown, others, groups)
        text = (
            f"@element@\ntype T;\nidentifier array;\nexpression I;\nsymbol {name}, {new};\n@@\n"
            f" T array[] = {{ ...,\n [I] =\n- &{name}\n+ &{new}\n , ... }};\n"
        )
        title = f"&{name} behind an index becomes &{new}"
        yield PortRule(f"{gone.id}.element", gone.id, title, text, ground, (frozenset({name}),))


def _successor(array: Array, name: str) -> str:
    """What stands by now at the index of a variable that went; "" where that is not one name."""
    now = {array.new_at.get(index, "") for index, one in array.old_at.items() if one == name}
    return now.pop() if len(now) == 1 else ""


def _in_list(gone: ConstantGone, arrays: Sequence[Array]) -> Iterator[PortRule]:
    """The rule for an element without an index, if all arrays lost it and none got another."""
    name = gone.old.name
    alone = [one for one in arrays if set(one.new) <= set(one.old)]
    if not enough(len(alone), len(alone), {group_of(one.path) for one in alone}):
        return
    if not any(name in one.new or one.foreign for one in arrays):
        groups = {group_of(one.path) for one in arrays}
        ground = learned([one.place for one in arrays], (), groups)
        text = f"@listed@\ntype T;\nidentifier array;\nsymbol {name};\n@@\n T array[] = {{ ...,\n- &{name},\n ... }};\n"
        title = f"&{name} goes from lists, and nothing takes its place"
        yield PortRule(f"{gone.id}.listed", gone.id, title, text, ground, (frozenset({name}),))
