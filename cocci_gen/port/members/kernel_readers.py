"""Code and the headers that it includes -> the functions of the kernel to which it gives the address of a member that went, and
which promise by their type that they only look at it (`timespec64_equal(const struct timespec64 *a, ...)`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from cocci_gen.document.declarations import split_parameters
from cocci_gen.port.texts.include_graph import INCLUDE, Includes
from cocci_gen.port.texts.instances import Code
from cocci_gen.port.texts.parameters import without_name
from cocci_gen.port.texts.plain_text import blank_comments

_CALL = re.compile(rb"\b([a-z_]\w*)[ \t]*\((?=[^;{}]*&)")

#: A function, the number of its parameter, and how many it has.
Reading = tuple[str, int, int]


def kernel_readers(
    members: Mapping[str, Collection[str]], code: Code, headers: Includes
) -> Mapping[str, frozenset[Reading]]:
    """Members by their type, the code, and the headers of the new kernel -> by type the parameters of functions of the kernel
    that only look at one.  A name that a macro has too, or that is declared in two ways, says nothing."""
    named = re.compile(rb"&[^;{}]*(?:->|\.)[ \t]*(?:" + b"|".join(_words(members)) + rb")\b")
    users = [text for text in code.texts.values() if members and named.search(text)]
    called = {name.decode() for text in users for name in _CALL.findall(text)} - code.functions.keys()
    found: dict[str, set[Reading]] = defaultdict(set)
    if not called:
        return {}
    included = {name.decode("utf-8", "replace") for text in users for _, name in INCLUDE.findall(text)}
    declared = _declared(called, headers, headers.closure(included))
    for name, ones in declared.items():
        for kind in members if len(ones) == 1 else ():
            (parameters,) = ones
            for number, parameter in enumerate(parameters):
                if parameter == f"const {kind} *":
                    found[kind].add((name, number, len(parameters)))
    return {kind: frozenset(ones) for kind, ones in found.items()}


def _words(members: Mapping[str, Collection[str]]) -> Iterator[bytes]:
    return (re.escape(name.encode()) for ones in members.values() for name in ones)


def _declared(
    names: Collection[str], headers: Includes, paths: Iterable[str]
) -> Mapping[str, frozenset[tuple[str, ...]]]:
    """The types of the parameters that headers declare for some names; a macro takes none that is known."""
    wanted = "|".join(sorted(names)).encode()
    head = re.compile(rb"^(?:[a-z][\w \t*]*[ \t*\n])?(" + wanted + rb")\(([^;{}()]*)\)\s*[;{]", re.MULTILINE)
    macro = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(" + wanted + rb")\b", re.MULTILINE)
    anything = re.compile(rb"\b(?:" + wanted + rb")\b")
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for _, text in headers.texts(sorted(paths)):
        clean = blank_comments(text) if anything.search(text) else b""
        for name, inside in head.findall(clean):
            parameters = split_parameters(" ".join(inside.decode("utf-8", "replace").split()))
            found[name.decode()].add(tuple(without_name(one) for one in parameters))
        for name in macro.findall(clean):
            found[name.decode()].add(("",))
    return {name: frozenset(ones) for name, ones in found.items()}
