"""The NewView of a module and both kernels -> Leftover, what the module calls and neither kernel has: it was of an older one yet.

A call counts where the new kernel surely compiles it.  A name that the module itself says anywhere but to call it, that a header
of either kernel says, or that a macro may paste together, is known; so is every name of a file that includes what is not there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import tree_sitter

from cocci_gen.code.texts.source import blank_attributes, node_text, parse
from cocci_gen.facts.branches.evidence import heads_in, said_in
from cocci_gen.facts.tree.heads import plain
from cocci_gen.port.changes.header_words import Headers, pasted_names, read_headers_for
from cocci_gen.port.checks.new_view import NewView
from cocci_gen.port.remains.leftovers import Leftover, other_places
from cocci_gen.port.texts.include_graph import INCLUDE
from cocci_gen.port.texts.trees import Sources
from cocci_gen.port.texts.versions import live

_LIST = re.compile(rb"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(?:[^\n\\]|\\[\s\S])*,")
#: What the compiler has itself.
_BUILTIN = re.compile(
    r"__(?:builtin|sync|atomic|typeof|alignof|extension|asm|attribute)\w*|alloca|typeof\w*|_\w*[Aa]lignof"
)
#: Either the whole module is older than `--from`, or a branch of it that is compiled by now.
_HINT = " (code for another kernel)"


@dataclass(frozen=True, slots=True)
class Called:
    """A call: the name, the line (from 1), and the number of arguments; -1 where a macro may stand for several of them."""

    name: str
    path: str
    line: int
    arguments: int


def undeclared(view: NewView, kernels: tuple[Sources, Sources], told: Iterable[Leftover]) -> Iterator[Leftover]:
    """`told` is what is left already: a place is not told twice."""
    own = _own(view)
    lists = frozenset(name.decode() for text in view.texts.values() for name in _LIST.findall(text))
    calls = [one for path in sorted(view.decided) for one in _calls(view, path, lists) if one.name not in own]
    names = {one.name for one in calls}
    if not names:
        return
    includes = _Includes.of(view)
    read = read_headers_for(kernels, names, view.files_of_module.values(), _further(includes, kernels))
    known = {(one.path, one.line) for one in told}
    calls = sorted((one for one in calls if (one.path, one.line) not in known), key=lambda one: (one.path, one.line))
    of_kernel = _bases(path for one in kernels for path in one.oids if _is_header(path))
    mine = _bases(view.files_of_module)
    unsure = {path for path in view.decided if _includes_unknown(includes, path, mine, of_kernel)}
    calls = [one for one in calls if one.path not in unsure]
    unknown = frozenset(one.name for one in calls) - frozenset[str]().union(*(one.said | one.made for one in read))
    made = _made_by_module(unknown, view) if unknown else frozenset[str]()
    yield from _strangers([one for one in calls if one.name in unknown and one.name not in made], kernels)
    yield from _misfits(calls, read, kernels)


def _made_by_module(names: frozenset[str], view: NewView) -> frozenset[str]:
    """Those of some names that the module's build may set, that its macros may paste, or that stand in front of a body, however
    far from the beginning of its line."""
    texts = list(view.files_of_module.values())
    made = {name for name in names if name.isupper()} & view.named_by_build
    made |= pasted_names(names, texts)
    heads = {name: re.compile(rf"\b{name}\s*\([^;{{}}]*\)\s*\{{".encode()) for name in names - made}
    made |= {name for name, head in heads.items() if any(head.search(text) for text in texts if name.encode() in text)}
    return frozenset(made)


def _strangers(calls: Iterable[Called], kernels: tuple[Sources, Sources]) -> Iterator[Leftover]:
    found: dict[str, list[Called]] = {}
    for one in calls:
        found.setdefault(one.name, []).append(one)
    for name, ones in found.items():
        reason = f"used, and declared neither in {kernels[0].name} nor in {kernels[1].name}{_HINT}"
        yield Leftover(ones[0].path, ones[0].line, f"{name}()", f"{reason}{_also(ones)}", ())


def _misfits(calls: Iterable[Called], read: Iterable[Headers], kernels: tuple[Sources, Sources]) -> Iterator[Leftover]:
    listed = list(read)
    found: dict[tuple[str, int], list[Called]] = {}
    for one in calls:
        takes = [each.takes.get(one.name, frozenset()) for each in listed]
        said = [one.name in each.said for each in listed]
        readable = all(not there or numbers for there, numbers in zip(said, takes, strict=True)) and any(takes)
        if one.arguments >= 0 and readable and one.arguments not in {number for ones in takes for number in ones}:
            found.setdefault((one.name, one.arguments), []).append(one)
    for (name, count), ones in found.items():
        numbers = sorted({number for each in listed for number in each.takes.get(name, ())})
        words = " or ".join(str(number) for number in numbers)
        reason = f"is given {count}, and takes {words} in {kernels[0].name} and in {kernels[1].name}{_HINT}"
        yield Leftover(ones[0].path, ones[0].line, f"{name}()", f"{reason}{_also(ones)}", ())


def _also(ones: list[Called]) -> str:
    first, *others = ones
    shown = other_places(first.path, [(one.path, one.line) for one in others])
    return f" (also {shown})" if others else ""


def _own(view: NewView) -> set[str]:
    """Every name that the module defines, or says other than to call it."""
    codes = [plain(text) for path, text in view.files_of_module.items() if path.endswith((".c", ".h"))]
    codes += [plain(text) for text in view.texts.values()]
    return {name for code in codes for name in (*heads_in(code), *said_in(code))}


def _calls(view: NewView, path: str, lists: frozenset[str]) -> Iterator[Called]:
    """The calls of a file that the new kernel surely compiles; `lists` are macros that stand for several arguments."""
    text = live(view.decided[path], view.version)
    todo: list[tree_sitter.Node] = [parse(blank_attributes(text)).root_node]
    while todo:
        node = todo.pop()
        todo += node.children
        called = node.child_by_field_name("function") if node.type == "call_expression" else None
        given = node.child_by_field_name("arguments") if called is not None else None
        if called is None or given is None or called.type != "identifier" or node.has_error:
            continue
        name, line = node_text(called), called.start_point[0]
        if _BUILTIN.fullmatch(name) or not view.surely_compiled(path, line):
            continue
        arguments = [one for one in given.named_children if one.type != "comment"]
        several = any(one.type == "identifier" and node_text(one) in lists for one in arguments)
        parts = any(one.type.startswith("preproc_") for one in arguments)
        yield Called(name, path, line + 1, -1 if several or parts else len(arguments))


@dataclass(frozen=True, slots=True)
class _Includes:
    """What the files of a view include by their own lines: whether in angle brackets, and the name."""

    view: NewView
    own: dict[str, tuple[tuple[bool, str], ...]]

    @classmethod
    def of(cls, view: NewView) -> _Includes:
        """Each file read once."""
        lines = {path: INCLUDE.findall(live(text, view.version)) for path, text in view.decided.items()}
        return cls(view, {
            path: tuple((sign == b"<", name.decode("utf-8", "replace")) for sign, name in ones) for path, ones in lines.items()
        })  # fmt: skip

    def behind(self, path: str) -> Iterator[tuple[bool, str]]:
        """What a file and the module's own headers behind it include."""
        done, todo = set[str](), [path]
        while todo:
            here = todo.pop()
            if here in done or here not in self.own:
                continue
            done.add(here)
            todo += self.view.built.includes.get(here, ())
            yield from self.own[here]


def _includes_unknown(includes: _Includes, path: str, own: frozenset[str], of_kernel: frozenset[str]) -> bool:
    """Whether a file includes a header that neither the module nor a kernel has: it is made, or of another package."""
    return any(
        posixpath.basename(name) not in own
        and not name.startswith("generated/")
        # All headers that a kernel offers stand in folders: <stdio.h> is another's, though a boot loader may have one.
        and (posixpath.basename(name) not in of_kernel or (angled and "/" not in name))
        for angled, name in includes.behind(path)
    )


def _further(includes: _Includes, kernels: tuple[Sources, Sources]) -> list[list[str]]:
    """The headers of other folders of each kernel that the module includes by name."""
    names = {name for ones in includes.own.values() for _, name in ones}
    bases = _bases(names)
    return [
        [
            path
            for path in one.oids
            if _is_header(path) and posixpath.basename(path) in bases
            and not path.startswith("include/") and "/include/" not in path
        ]
        for one in kernels
    ]  # fmt: skip


def _is_header(path: str) -> bool:
    """Whether a path is that of a header of the kernel, not of the programs that come with it (`tools/.../stdio.h`)."""
    return path.endswith(".h") and not path.startswith(("tools/", "scripts/", "samples/", "Documentation/", "usr/"))


def _bases(paths: Iterable[str]) -> frozenset[str]:
    """The last words of some paths."""
    return frozenset(posixpath.basename(path) for path in paths)
