"""What the index of a tree tells of: functions, the entries of tables that name them, and who implements a method."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.code.texts.source import FunctionSpan


@dataclass(frozen=True, slots=True)
class Definition:
    """A function of a tree: file, blob and span."""

    path: str
    oid: str
    span: FunctionSpan

    def __hash__(self) -> int:
        """Of where it stands, which tells most apart: most answers about functions are remembered by them."""
        return hash((self.path, self.span.start))

    @property
    def name(self) -> str:
        """The function's name."""
        return self.span.name

    @property
    def folder(self) -> str:
        """The folder that its file lies in."""
        return folder_of(self.path)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a file of a tree."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """`.method = function` in `variable`, a `struct`, or `variable->method = function` (struct ""); a function that is given to
    a generic one has that one as `variable`, with brackets."""

    struct: str
    variable: str
    method: str
    function: str
    path: str
    line: int

    @property
    def folder(self) -> str:
        """The folder that its file lies in."""
        return folder_of(self.path)


@dataclass(frozen=True, slots=True)
class Implementation:
    """A function that some operations table names for a method, and all tables that name it."""

    definition: Definition
    entries: tuple[TableEntry, ...]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An operations table entry whose function has no definition that this tree shows."""

    entry: TableEntry


def folder_of(path: str) -> str:
    """The folder that a file lies in, "" for one at the top."""
    return path.rpartition("/")[0]
