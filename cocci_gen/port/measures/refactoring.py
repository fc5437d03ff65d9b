"""One method that upstream changed -> the old kernel with this change in its header alone, as a VFS developer has it at his desk,
and how the instances follow beside upstream's own.

The files of the first `examples` instances may be laid over it as upstream has them: what a developer converts by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cocci_gen.errors import UsageProblem
from cocci_gen.port.changes.evolutions import MethodChanged, MethodRenamed
from cocci_gen.port.knowledge import Kernels
from cocci_gen.port.measures.replay import head_types
from cocci_gen.port.measures.upstream_lines import lines_as_upstream
from cocci_gen.port.texts.instances import Written, read_code
from cocci_gen.port.texts.plain_text import words_of
from cocci_gen.port.texts.trees import Sources, laid_over


@dataclass(frozen=True, slots=True)
class Followed:
    """How the instances of one method followed: all that upstream changed and that were not converted by hand, those with
    upstream's head, those in which every line that was written is upstream's as well, and the names of the others."""

    instances: int
    heads: int
    equal: int
    others: tuple[str, ...]

    def lines(self) -> Iterable[str]:
        """For a terminal."""
        yield f"instances     {self.instances} that upstream changed"
        yield f"heads         {self.heads} as upstream has them"
        yield f"equal         {self.equal} with every line that was written as upstream has it"
        yield from (f"  otherwise: {one}" for one in self.others)


def method_change(kernels: Kernels, name: str) -> MethodChanged | MethodRenamed:
    """`structure.method` -> what changed about it; UsageProblem names a method that did not change."""
    for one in kernels.evolutions:
        if isinstance(one, MethodChanged | MethodRenamed) and one.id == name:
            return one
    raise UsageProblem(f"{name} has the same prototype in both kernels, or is none; --method takes STRUCTURE.METHOD")


def with_header_change(kernels: Kernels, change: MethodChanged | MethodRenamed) -> Sources:
    """The old kernel with the declaration of one method as the new kernel has it."""
    old, new = change.old, change.new
    lines = kernels.old.read(old.path).split(b"\n")
    there = kernels.new.read(new.path).split(b"\n")
    declared = there[new.prototype.line - 1 : new.prototype.last_line]
    lines[old.prototype.line - 1 : old.prototype.last_line] = declared
    return laid_over(kernels.old, f"{kernels.old.name} with ->{new.name}", {old.path: b"\n".join(lines)})


def instances_of(kernels: Kernels, change: MethodChanged | MethodRenamed, roots: Iterable[str]) -> tuple[Written, ...]:
    """The functions below some folders that implement a method in the old kernel and have upstream's new head in the new one."""
    method = (change.old.struct, change.old.name)
    word = change.old.name.encode()
    texts = {path: text for path, text in kernels.old.texts(kernels.old.below(roots, (".c",))) if word in text}
    code = read_code(texts.items(), frozenset({change.old.name}))
    found = {
        (one.function.path, one.function.name): one.function for one in code.instances({method})
        if one.typed and one.function.path in kernels.new.oids
    }  # fmt: skip
    wanted = tuple(path for path, _ in found)
    true = read_code(kernels.new.texts(dict.fromkeys(wanted)), frozenset())
    return tuple(
        function for (path, name), function in sorted(found.items())
        if (now := head_types(true, path, name)) and now != head_types(code, path, name)
    )  # fmt: skip


def files_of(
    sources: Sources, change: MethodChanged | MethodRenamed, instances: Iterable[Written], roots: Iterable[str]
) -> tuple[str, ...]:
    """The files below some folders that name a method or a function that implements it: definitions, tables, declarations."""
    names = {change.old.name.encode(), *(one.name.encode() for one in instances)}
    return tuple(path for path, text in sources.texts(sources.below(roots)) if not names.isdisjoint(words_of(text)))


def followed(
    kernels: Kernels, instances: Iterable[Written], converted: Iterable[str], texts: Mapping[str, bytes]
) -> Followed:
    """The instances, the files that were converted by hand, and the texts after the port -> how they followed."""
    by_hand = set(converted)
    listed = [one for one in instances if one.path not in by_hand]
    code = read_code(((path, text) for path, text in texts.items()), frozenset())
    true = read_code(kernels.new.texts(dict.fromkeys(one.path for one in listed)), frozenset())
    heads, equal = 0, 0
    others: list[str] = []
    for one in listed:
        right = head_types(code, one.path, one.name) == head_types(true, one.path, one.name)
        heads += right
        same = right and lines_as_upstream(one.text, _text(code.functions, one), _text(true.functions, one))
        equal += same
        if not same:
            others.append(f"{one.path}: {one.name}(){'' if right else ': the head'}")
    return Followed(len(listed), heads, equal, tuple(others))


def _text(functions: Mapping[str, tuple[Written, ...]], wanted: Written) -> bytes:
    return next((one.text for one in functions.get(wanted.name, ()) if one.path == wanted.path), b"")
