"""Declared of two kernels -> every Evolution between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from cocci_gen.document.declarations import in_pages, type_of
from cocci_gen.port.changes.declared import Declared, Function, Macro, Member, Method
from cocci_gen.port.changes.evolutions import (
    ConstantGone,
    DeclarationsMoved,
    Evolution,
    FunctionChanged,
    FunctionGone,
    HeaderGone,
    MacroChanged,
    MacroGone,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    StructGone,
    StructRenamed,
    plain_type,
)
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.changes.renamed_structs import renamed_structs, respelled, spelled_out
from cocci_gen.port.texts.parameters import Step, steps_between
from cocci_gen.port.texts.trees import Sources

#: Headers that declare nothing that C code is compiled against, or only numbers.
_NO_HEADERS = ("include/dt-bindings/", "include/generated/", "include/config/")

#: Where `#include <asm/x.h>` leads on most machines.
_ASM = ("include/asm-generic/", "arch/x86/include/asm/")

_STRUCT = re.compile(rb"\b(?:struct|union)[ \t]+(\w+)")

_ELSEWHERE = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)|^[a-z_][\w \t*]*?\b(\w+)\(", re.MULTILINE)


def header_differences(old: Sources, new: Sources) -> tuple[Declared, Declared, tuple[str, ...]]:
    """Both kernels -> what the headers that differ declare in each, and the headers that went."""
    before, after = _headers(old), _headers(new)
    gone = (*(path for path in before if path not in new.oids and not _for_users(path, new)), *_asm_gone(old, new))
    first = [path for path in before if new.oids.get(path) != old.oids[path]]
    second = [path for path in after if old.oids.get(path) != new.oids[path]]
    return read_headers(old.texts(first)), read_headers(new.texts(second)), gone


def _for_users(path: str, new: Sources) -> bool:
    """Whether `<linux/x.h>` leads to the header for users since the kernel's own went."""
    return f"include/uapi/{path.removeprefix('include/')}" in new.oids


def _asm_gone(old: Sources, new: Sources) -> Iterator[str]:
    """The headers `asm/x.h` that code finds in the old kernel and not in the new one, neither the generic one nor that of x86,
    under the path that code gives them."""
    names = [
        {
            path.removeprefix(folder)
            for folder in _ASM
            for path in one.below([folder], (".h",))
            if path.startswith(folder)
        }
        for one in (old, new)
    ]
    return (f"include/asm/{name}" for name in sorted(names[0] - names[1]) if "/" not in name)


def _headers(sources: Sources) -> tuple[str, ...]:
    return tuple(path for path in sources.below(["include"], (".h",)) if not path.startswith(_NO_HEADERS))


def compare(
    old: Declared,
    new: Declared,
    gone: Iterable[str],
    headers: Collection[str],
    elsewhere: Collection[str] = (),
    said: Callable[[], Collection[str]] = lambda: (),
) -> tuple[Evolution, ...]:
    """What two kernels declare, the headers that went and those of the new kernel -> every evolution, by id; a name that is
    defined `elsewhere` (by an architecture, by a header that did not change) is not gone, nor a structure that is `said` to be
    one by any header (none are gone where nothing is said of any)."""
    tags = renamed_structs(old, new)
    found: list[Evolution] = [*_methods(old, new, tags), *_functions(old, new, tags), *_macros(old, new)]
    found += _members(old, new, tags)
    found += [StructRenamed(before, after, old.structs[before][0]) for before, after in tags.items()]
    found += _gone_structs(old, new, tags, said())
    found += _moved(old, new)
    found += [ConstantGone(ones[0]) for name, ones in old.constants.items() if not _knows(new, name)]
    names: dict[str, list[str]] = {}
    for path in headers:
        names.setdefault(path.rpartition("/")[2], []).append(path)
    found += [HeaderGone(path, tuple(names.get(path.rpartition("/")[2], ()))) for path in gone]
    there = [
        one for one in found
        if not (isinstance(one, ConstantGone | MacroGone | FunctionGone) and one.old.name in elsewhere)
    ]  # fmt: skip
    return tuple(sorted(there, key=lambda one: (type(one).__name__, one.id)))


def defined_elsewhere(old: Sources, new: Sources) -> frozenset[str]:
    """The macros and functions of the new kernel's architectures, and of headers that are the same in both."""
    paths = [path for path in new.below(["arch"], (".h",)) if "/include/" in path]
    paths += [path for path in _headers(new) if old.oids.get(path) == new.oids[path]]
    return frozenset(
        name.decode()
        for _, text in new.texts(paths)
        for match in _ELSEWHERE.finditer(text)
        for name in match.groups()
        if name
    )


def structs_said(new: Sources) -> frozenset[str]:
    """The structures that any header of the new kernel names: code may point to what it cannot look into."""
    paths = new.below(["include", "arch"], (".h",))
    return frozenset(tag.decode() for _, text in new.texts(paths) for tag in set(_STRUCT.findall(text)))


def _gone_structs(old: Declared, new: Declared, tags: Mapping[str, str], said: Collection[str]) -> Iterator[StructGone]:
    for tag, paths in old.structs.items():
        if said and not (tag in new.structs or tag in said or tag in tags):
            yield StructGone(tag, paths[0])


def _moved(old: Declared, new: Declared) -> Iterator[DeclarationsMoved]:
    """The names that code can use only with their header, and whose only header is another one by now."""
    moves: dict[tuple[str, str], list[str]] = {}
    for before, after in ((old.functions, new.functions), (old.macros, new.macros), (old.constants, new.constants)):
        for name, ones in before.items():
            homes = [{one.path for one in some} for some in (ones, after.get(name, ()))]
            if len(homes[0]) == len(homes[1]) == 1 and homes[0] != homes[1] and not name.startswith("_"):
                moves.setdefault((min(homes[0]), min(homes[1])), []).append(name)
    for (first, second), names in sorted(moves.items()):
        if second.startswith("include/") and not second.startswith("include/asm-generic/"):
            yield DeclarationsMoved(first, second, tuple(sorted(names)))


def _knows(declared: Declared, name: str) -> bool:
    """Whether a name is declared as anything that an expression may use."""
    return name in declared.functions or name in declared.macros or name in declared.constants or name in declared.types


def _methods(old: Declared, new: Declared, tags: Mapping[str, str]) -> Iterator[Evolution]:
    come: dict[str, list[Method]] = {}
    turned: dict[str, list[Method]] = {}
    for (struct, method), ones in new.methods.items():
        before = {one.prototype.signature for one in old.methods.get((struct, method), ())}
        some = turned if before else come
        some.setdefault(struct, []).extend(one for one in ones if one.prototype.signature not in before)
    for (struct, method), ones in old.methods.items():
        now = new.methods.get((struct, method))
        if now is None and struct in new.structs and (twin := _twin(struct, method, old, new)) is not None:
            yield MethodRenamed(ones[0], twin, _steps(ones[0], twin, tags))
        elif now is not None:
            before = {spelled_out(respelled(one.prototype.signature, tags), new.meant) for one in ones}
            changed = [one for one in now if spelled_out(one.prototype.signature, new.meant) not in before]
            if changed and len(changed) == len(now):
                yield MethodChanged(ones[0], now[0], _steps(ones[0], now[0], tags))
        elif struct in new.structs:
            yield _gone(ones[0], come.get(struct, ()), tags, turned.get(struct, ()))


def _twin(struct: str, method: str, old: Declared, new: Declared) -> Method | None:
    """What stays of the methods that shared their place with one that went: `.remove_new = f` set `.remove` all along."""
    names = [name for name in old.twins.get((struct, method), ()) if (struct, name) in new.methods]
    return new.methods[struct, names[0]][0] if len(names) == 1 else None


def _gone(
    old: Method, come: Iterable[Method], tags: Mapping[str, str], turned: Iterable[Method]
) -> MethodRenamed | MethodGone:
    """The successor of a method that went: one that came with the same name in pages or folios, or the same prototype alone
    among those that came and a word of the name in common; else one that got this prototype (`turned`), likewise."""
    rivals = list(come)
    named = [one for one in rivals if in_pages(one.name) == in_pages(old.name)]
    for chosen in (named, _alike(old, rivals), _alike(old, turned)):
        if len({one.name for one in chosen}) == 1:
            return MethodRenamed(old, chosen[0], _steps(old, chosen[0], tags))
    return MethodGone(old)


def _alike(old: Method, others: Iterable[Method]) -> list[Method]:
    """Those of some methods that have the prototype of one and a word of its name."""
    words = set(old.name.split("_"))
    same = (one for one in others if one.prototype.signature == old.prototype.signature)
    return [one for one in same if words & set(one.name.split("_"))]


def _steps(old: Method, new: Method, tags: Mapping[str, str]) -> tuple[Step, ...]:
    return steps_between([respelled(one, tags) for one in old.prototype.parameters], new.prototype.parameters)


def _functions(old: Declared, new: Declared, tags: Mapping[str, str]) -> Iterator[Evolution]:
    for name, ones in old.functions.items():
        now = new.functions.get(name)
        if now is not None:
            signatures = {_signature(one, new, {}) for one in now}
            if not signatures & {_signature(one, new, tags) for one in ones}:
                before = [_spelled(one, new, tags) for one in ones[0].parameters]
                after = [_spelled(one, new, {}) for one in now[0].parameters]
                yield FunctionChanged(ones[0], now[0], steps_between(before, after))
        elif not (name in new.constants or (name in new.macros and name in old.macros)):
            yield FunctionGone(ones[0], tuple(new.macros.get(name, ())))


def _spelled(parameter: str, new: Declared, tags: Mapping[str, str]) -> str:
    """A parameter with its type spelled out as the new headers do, that of a pointer to a function as well."""
    kind, _, name = parameter.rpartition(" ")
    pointer = new.pointers.get(kind)
    return spelled_out(respelled(pointer.format(name) if pointer else parameter, tags), new.meant)


def _signature(function: Function, new: Declared, tags: Mapping[str, str]) -> str:
    types = ", ".join(type_of(_spelled(one, new, tags)) for one in function.parameters)
    return f"{type_of(spelled_out(respelled(function.returns, tags), new.meant) + ' ')}({types})"


def _macros(old: Declared, new: Declared) -> Iterator[Evolution]:
    for name, ones in old.macros.items():
        arities = [{one.arity for one in some} for some in (ones, new.macros.get(name, ()))]
        if not _knows(new, name) and name not in old.functions and not name.endswith(("_H", "_H_", "_H__")):
            yield MacroGone(ones[0])
        elif (
            arities[1]
            and not arities[0] & arities[1]
            and min(arities[0] | arities[1]) >= 0
            and name not in new.functions
        ):
            yield MacroChanged(ones[0], new.macros[name][0])
        elif name in new.functions and name not in old.functions:
            taken = {_arity(one) for one in new.functions[name]}
            if not arities[0] & taken and min(arities[0] | taken) >= 0:
                one = new.functions[name][0]
                yield MacroChanged(ones[0], Macro(name, _arity(one), one.path, one.line))


def _arity(function: Function) -> int:
    """How many arguments a function takes, as a macro's are counted."""
    if any("..." in one for one in function.parameters):
        return -2
    return 0 if function.parameters == ("void",) else len(function.parameters)


def _members(old: Declared, new: Declared, tags: Mapping[str, str]) -> Iterator[Evolution]:
    owners = Counter(name for _, name in old.members)
    for (struct, name), ones in old.members.items():
        tag = tags.get(struct, struct)
        now = new.members.get((tag, name))
        if now is None and tag in new.structs and name not in new.said[tag] and (tag, name) not in new.methods:
            yield MemberGone(ones[0], owners[name] == 1)
        elif now is not None and _is_other(ones, now, tags):
            yield MemberRetyped(ones[0], now[0])


def _is_other(before: Iterable[Member], after: Iterable[Member], tags: Mapping[str, str]) -> bool:
    """Whether a member has another type, or nobody may set it any more."""
    kinds = [{_untagged(plain_type(one.type)) for one in after}]
    kinds.append({_untagged(respelled(plain_type(one.type), tags)) for one in before})
    closed = [all(one.const for one in after), any(one.const for one in before)]
    return not kinds[0] & kinds[1] or closed == [True, False]


def _untagged(kind: str) -> str:
    """A type without `struct`, which is sometimes not read behind a macro that opens a part of a structure."""
    return re.sub(r"\b(?:struct|union|enum) (?=\w)", "", kind)
