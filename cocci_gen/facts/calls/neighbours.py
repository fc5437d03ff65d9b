"""A function -> the functions of its file or folder that call it by its name, and whether anybody else does; and whom it calls
there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.code.texts.remarks import blanked
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex


def neighbours_calling(callee: Definition, index: KernelIndex) -> Iterator[Definition]:
    """Those in whose text a call of the function stands, without itself, nor another of its name, which stands there for another
    configuration, in the order of the files: in its file when only that sees it, else in its folder."""
    alone = callee.span.static and not callee.path.endswith(".h")
    name = callee.name.encode()
    called = re.compile(rb"\b" + re.escape(name) + rb"\s*\(")
    files = (callee.path,) if alone else index.files_in(callee.folder)
    for path in (one for one in files if name in index.text(one)):  # to look for words takes much longer
        for one in index.functions_with(called, path, (name,)):
            if one.name == callee.name or not called.search(blanked(index.text_of(one))):
                continue  # a comment, or a message, has the name
            if callee in index.resolve(callee.name, path):
                yield one


def neighbour_meant(name: str, path: str, index: KernelIndex) -> Definition | None:
    """The one function of its folder that a call of a name in a file means; None where there is none, or it may mean several."""
    found = [one for one in index.resolve(name, path) if one.folder == folder_of(path)]
    return found[0] if len(found) == 1 else None


def is_known_here_alone(one: Definition, index: KernelIndex) -> bool:
    """Whether nobody outside of its folder can call a function by its name: only its file sees it, or no line of the tree that
    has the word stands elsewhere, nor hands it to modules."""
    if one.span.static and not one.path.endswith(".h"):
        return True
    tag = re.compile(rf"\b(?:struct|union|enum)\s+{re.escape(one.name)}\b")  # a structure may have the name as well
    hits = (hit for hit in index.search(rf"\b({re.escape(one.name)})\b") if not tag.search(hit.text))
    return all(folder_of(hit.path) == one.folder and "EXPORT_SYMBOL" not in hit.text for hit in hits)
