"""A file of a module -> ModuleFile, its conditionals, and its lines as far as they may be compiled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.code.texts.conditionals import Conditionals
from cocci_gen.facts.branches.evidence import Slot, slots_of
from cocci_gen.facts.tree.heads import plain


@dataclass(slots=True)
class ModuleFile:
    """One file of a module while it is decided; `whole` is its text without comments and strings, `code` the lines of that."""

    path: str
    conditionals: Conditionals
    whole: str
    code: list[str]
    slots: tuple[Slot, ...]

    def lines(self, *, sure: bool) -> Iterator[str]:
        """The lines that may be compiled, or surely are."""
        unwanted = (False, None) if sure else (False,)
        return (line for number, line in enumerate(self.code) if self.conditionals.compiled(number) not in unwanted)


def module_file(path: str, text: bytes) -> ModuleFile:
    """A path and the bytes of the file, as nothing of it is decided yet."""
    shown = plain(text)
    return ModuleFile(path, Conditionals(text), shown, shown.split("\n"), slots_of(shown))
