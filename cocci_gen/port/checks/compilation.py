"""Code before and after its port, and the new kernel -> how many errors the compiler finds in each.

Files of the tree are compiled with the command lines of their own makefiles, those of a module with that of a file of the tree;
only syntax and types are checked.  Runs the makefiles of that kernel, so only on request.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path
from tempfile import TemporaryDirectory

from cocci_gen import temporary
from cocci_gen.kernel.kbuild import Needs, needs_of
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.texts.include_graph import INCLUDE
from cocci_gen.runs.folder import write_file
from cocci_gen.series.ladder.build_room import BuildRoom


@dataclass(frozen=True, slots=True)
class Checked:
    """The errors of one file before and after."""

    path: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A file that cannot be compiled here, and why."""

    path: str
    reason: str


def sample_of(paths: Iterable[str], most: int) -> tuple[str, ...]:
    """So many of some paths, for ever the same ones: a hash of their names decides."""
    return tuple(sorted(paths, key=lambda path: hashlib.sha256(path.encode()).digest())[:most])


def check_texts(
    room: BuildRoom,
    tree: KernelTree,
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    *,
    in_tree: bool,
    only: Collection[str] = (),
) -> tuple[Checked | NotChecked, ...]:
    """The new kernel, and the same files in two states -> their errors; `in_tree` where the paths are those of the kernel, `only`
    for some of the files (else all of them)."""
    parts = frozenset[str]() if in_tree else included_sources(before)
    paths = [
        path for path in sorted(before) if path.endswith(".c") and (not only or path in only) and path not in parts
    ]
    possible, found = _commands(room, tree, paths, in_tree=in_tree)
    folders = () if in_tree else own_folders(before)
    with TemporaryDirectory(prefix=temporary.prefix("port")) as name:
        states = []
        for number, texts in enumerate((before, after)):
            root = Path(name) / str(number)
            for path, text in texts.items():
                write_file(root / path, text)
            states.append({path: _errors(room, possible[path], root, path, folders) for path in possible})
    found += [Checked(path, states[0][path], states[1][path]) for path in possible]
    return tuple(sorted(found, key=lambda one: one.path))


def included_sources(texts: Mapping[str, bytes]) -> frozenset[str]:
    """The files of a module by path -> the C files that others include: they are compiled there, and nothing by themselves."""
    found: set[str] = set()
    for path, text in texts.items():
        for _, name in INCLUDE.findall(text):
            if name.endswith(b".c"):
                found.add(normpath(f"{path.rpartition('/')[0] or '.'}/{name.decode('utf-8', 'replace')}"))
    return frozenset(found & texts.keys())


def own_folders(texts: Mapping[str, bytes]) -> tuple[str, ...]:
    """The files of a module by path -> the folders from which its `#include <own/kernel.h>` leads to a file of its own: a module
    with an include folder names it in flags that only its makefiles know, and without it nothing behind is checked."""
    found: set[str] = set()
    for name in {name.decode("utf-8", "replace") for text in texts.values() for _, name in INCLUDE.findall(text)}:
        found.update(path.removesuffix(f"/{name}") for path in texts if path.endswith(f"/{name}"))
    return tuple(sorted(found))


def _errors(
    room: BuildRoom, command: Sequence[str], root: Path, path: str, folders: Iterable[str] = ()
) -> tuple[str, ...]:
    """The errors of a file; headers beside it are looked for beside it first, then in some folders of its module."""
    words = list(command)
    here = [f"-I{root / path}".rpartition("/")[0], f"-I{root}", *(f"-I{root / one}" for one in folders)]
    words[words.index("-c") : words.index("-c")] = here
    return room.check("", words, root / path)


def _commands(
    room: BuildRoom, tree: KernelTree, paths: Sequence[str], *, in_tree: bool
) -> tuple[dict[str, tuple[str, ...]], list[Checked | NotChecked]]:
    enabled = room.enabled("")
    refused: list[Checked | NotChecked] = []
    if in_tree:
        buildable = []
        for path in paths:
            needs = needs_of(tree, path) if path in tree.blobs() else None
            missing = needs.missing(enabled) if isinstance(needs, Needs) else ("it",)
            if missing:
                refused.append(
                    NotChecked(path, f"the new kernel, as it is configured here, does not build {missing[0]}")
                )
            else:
                buildable.append(path)
        commands = room.commands("", buildable)
        refused += [NotChecked(path, "make tells no command line") for path in buildable if path not in commands]
        return commands, refused
    model = _model(tree, enabled)
    known = room.commands("", [model]) if model else {}
    if not known:
        return {}, [NotChecked(path, "no file of the new kernel can be built here") for path in paths]
    words = known[model]
    return {path: tuple(_named(words, path)) for path in paths}, refused


def _model(tree: KernelTree, enabled: frozenset[str]) -> str:
    """A file of the tree that is built as a module would be."""
    for path in sorted(path for path in tree.blobs() if re.fullmatch(r"fs/\w+/\w+\.c", path)):
        needs = needs_of(tree, path)
        if isinstance(needs, Needs) and not needs.missing(enabled):
            return path
    return ""


def _named(words: Iterable[str], path: str) -> Iterable[str]:
    """The command line of another file, with the name of this module."""
    stem = re.sub(r"\W", "_", Path(path).stem)
    return (
        re.sub(r"^(-DKBUILD_(?:BASENAME|MODNAME)=)(\W*)\w+(\W*)$", rf"\g<1>\g<2>{stem}\g<3>", word) for word in words
    )


def counts(results: Iterable[Checked | NotChecked]) -> dict[str, object]:
    """For people and programs."""
    listed = list(results)
    checked = [one for one in listed if isinstance(one, Checked)]
    before, after = sum(len(one.before) for one in checked), sum(len(one.after) for one in checked)
    clean = [sum(not getattr(one, state) for one in checked) for state in ("before", "after")]
    return {
        "compiler errors": f"{before} before, {after} after",
        "files without one": f"{clean[0]} before, {clean[1]} after, of {len(checked)} ({len(listed) - len(checked)} not checked)",
        "errors": {one.path: list(one.after) for one in checked if one.after},
    }
