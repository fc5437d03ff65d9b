"""KernelIndex x one changed function -> OverlaidIndex, the same tree in which that function has another body.

Nothing is indexed again: where a change keeps the line structure of its file, all other graphs stay what they were.  The
functions of the changed file are known under another blob, so that nothing remembered about them is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.outline import words_before_brackets
from cocci_gen.code.texts.reading import Reading, classes_of, definitions, macro_of
from cocci_gen.code.texts.source import file_facts
from cocci_gen.facts.tree.definitions import Definition, Implementation, SourceLine, Unresolved, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.resolution import chosen


@dataclass(frozen=True, slots=True)
class Replacement:
    """The new text of the file in which `target` stands; with as many lines as before, what did not change is not read again."""

    target: Definition
    text: bytes


class OverlaidIndex(KernelIndex):
    """A view of `base` in which `root` is the only implementation of any method, and `changes` (at most one of a file) hold.

    It reads the store of `base` and must not outlive it.
    """

    def __init__(self, base: KernelIndex, root: Definition, changes: tuple[Replacement, ...] = ()) -> None:
        """A view costs the parsing of the changed file, nothing when there is no change."""
        vars(self).update(vars(base))
        self.shared = {}  # what is known of the tree may not hold here
        self._base = base
        self._root = root
        self._texts = {change.target.path: change.text for change in changes}
        self._changed: dict[str, tuple[Definition, ...]] = {}
        self._graphs: dict[Definition, Graph | None] = {}
        self._origin: dict[Definition, Definition] = {}
        self._readings_here = {change.target.path: self._read(change) for change in changes}
        self.reading = self._overlaid_reading  # type: ignore[assignment]
        for change in changes:
            self._change(change)
        self.definitions = self._overlaid_definitions  # type: ignore[assignment]
        self.resolve = self._overlaid_resolve  # type: ignore[assignment]
        self.graph = self._overlaid_graph  # type: ignore[assignment]
        self.text = self._overlaid_text  # type: ignore[assignment]
        self._own_text = self._cut  # type: ignore[assignment]  # what the base has kept is cut from its own texts
        self.search = self._overlaid_search  # type: ignore[assignment]
        self.search_here = self._overlaid_search  # type: ignore[assignment]

    def _change(self, change: Replacement) -> None:
        path = change.target.path
        before = {(one.name, one.span.line): one for one in self._base.functions_in(path)}
        known = self._base.text(path)
        found = []
        for span in file_facts(change.text, frozenset(), self.version).functions:
            definition = Definition(path, f"{change.target.oid} changed", span)
            found.append(definition)
            old = before.get((span.name, span.line))
            text = change.text[span.start : span.end]
            if old is None or text != known[old.span.start : old.span.end]:
                self._graphs[definition] = graph_of(text, span.line, self.reading(path))
            else:
                self._origin[definition] = old
        self._changed[path] = tuple(found)

    def _read(self, change: Replacement) -> Reading:
        """How the changed file is read: as before, and with what it defines itself now."""
        known = self._base.reading(change.target.path)
        before = set(definitions(self._base.text(change.target.path)))
        found = [one for one in definitions(change.text) if one not in before]
        if not found:
            return known
        macros = {one.name: macro_of(one) for one in found if one.kind == "macro"}
        classes = classes_of([one for one in found if one.kind not in ("macro", "gfp")])
        return replace(known, macros={**known.macros, **macros}, classes={**known.classes, **classes})

    def _overlaid_reading(self, path: str) -> Reading:
        return self._readings_here[path] if path in self._readings_here else self._base.reading(path)

    def root(self) -> Definition:
        """The one implementation, as it stands in the changed file where it is that one."""
        here = self._changed.get(self._root.path, ())
        return next((d for d in here if (d.name, d.span.line) == (self._root.name, self._root.span.line)), self._root)

    def _overlaid_definitions(self, name: str) -> tuple[Definition, ...]:
        kept = [one for one in self._base.definitions(name) if one.path not in self._changed]
        changed = [one for functions in self._changed.values() for one in functions if one.name == name]
        return tuple(sorted(kept + changed, key=lambda definition: (definition.path, definition.span.start)))

    def definitions_in(self, name: str, folder: str) -> tuple[Definition, ...]:
        """Those of the tree, and of the changed files as they are now."""
        kept = [one for one in self._base.definitions_in(name, folder) if one.path not in self._changed]
        here = [file for path, file in self._changed.items() if folder_of(path) == folder]
        changed = [one for functions in here for one in functions if one.name == name]
        return tuple(sorted(kept + changed, key=lambda definition: (definition.path, definition.span.start)))

    def _overlaid_resolve(self, name: str, caller: str) -> tuple[Definition, ...]:
        if any(one.name == name for functions in self._changed.values() for one in functions):
            return chosen(self.tree, self.definitions(name), caller)
        return self._base.resolve(name, caller)

    def _overlaid_graph(self, definition: Definition) -> Graph | None:
        if definition in self._graphs:
            return self._graphs[definition]
        return self._base.graph(self._origin.get(definition, definition))

    def _overlaid_text(self, path: str) -> bytes:
        return self._texts[path] if path in self._texts else self._base.text(path)

    def _overlaid_search(self, pattern: str) -> tuple[SourceLine, ...]:
        kept = [one for one in self._base.search(pattern) if one.path not in self._texts]
        for path, text in self._texts.items():
            lines = text.decode("utf-8", "surrogateescape").split("\n")
            kept += [SourceLine(path, at, line) for at, line in enumerate(lines, 1) if re.search(pattern, line)]
        return tuple(sorted(kept, key=lambda one: (one.path, one.line)))

    def calling(self, name: str) -> tuple[str, ...]:
        """The files of the tree, and the changed ones as they are now."""
        kept = [path for path in self._base.calling(name) if path not in self._texts]
        word = name.encode()
        return tuple(sorted(kept + [path for path, text in self._texts.items() if word in words_before_brackets(text)]))

    def calling_in(self, name: str, folder: str) -> tuple[str, ...]:
        """Those that lie in a folder, as they are now."""
        return tuple(path for path in self.calling(name) if folder_of(path) == folder)

    def note(self, path: str, start: int, name: str, graph: Graph | None) -> None:
        """What a changed file says is remembered by nobody."""

    def reads_beside(self, definition: Definition, function: str) -> None:
        """Nor what hangs on what."""

    def note_text(self, definition: Definition, text: bytes) -> None:
        """Nor does anybody remember who has read it."""

    def functions_in(self, path: str) -> tuple[Definition, ...]:
        """The functions of one file, in order."""
        return self._changed[path] if path in self._changed else self._base.functions_in(path)

    def implementations(self, struct: str, method: str) -> tuple[tuple[Implementation, ...], tuple[Unresolved, ...]]:
        """The root, where a table (or an assignment) names it for the method."""
        root, home = self.root(), self.home(struct, method)
        entries = tuple(
            entry
            for entry in self.entries_of(method, home)
            if entry.function == root.name and root in self.resolve(entry.function, entry.path)
        )
        return ((Implementation(root, entries),) if entries else ()), ()
