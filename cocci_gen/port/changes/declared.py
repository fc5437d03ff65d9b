"""What the headers of a kernel declare -> Declared: functions, macros, members, constants and the methods of its structures."""

from __future__ import annotations

from dataclasses import dataclass, field

from cocci_gen.document.declarations import Prototype, type_of


@dataclass(frozen=True, slots=True)
class Function:
    """A function that a header declares or defines; its parameters as they are written."""

    name: str
    returns: str
    parameters: tuple[str, ...]
    path: str
    line: int

    @property
    def types(self) -> tuple[str, ...]:
        """The types of the parameters, in one spelling."""
        return tuple(type_of(one) for one in self.parameters)

    @property
    def signature(self) -> str:
        """Types only, for comparing."""
        return f"{type_of(self.returns + ' ')}({', '.join(self.types)})"

    @property
    def text(self) -> str:
        """For people."""
        space = "" if self.returns.endswith("*") else " "
        return f"{self.returns}{space}{self.name}({', '.join(self.parameters) or 'void'})"


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro of a header; `arity` is -1 for one without parameters, -2 for one that takes any number; a `member` is named behind
    a structure (`flow->flowi4_tos`), as it stands for a member of a part of it."""

    name: str
    arity: int
    path: str
    line: int
    member: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a structure that is no method; `const` where nobody may set it."""

    struct: str
    name: str
    type: str
    path: str
    line: int
    const: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """A member of a structure that points to a function."""

    struct: str
    prototype: Prototype
    path: str

    @property
    def name(self) -> str:
        """The method's name."""
        return self.prototype.method


@dataclass(frozen=True, slots=True)
class Constant:
    """An enumerator, or a variable that a header declares: it has a type of its own."""

    name: str
    path: str
    line: int
    variable: bool = False


@dataclass(slots=True)
class Declared:
    """All that some headers declare, by name; members and methods by structure and name.

    What several headers, or both sides of a condition, declare has several entries.  `said` are the words in the body of a
    structure and in the macros that it names: these declare members too (`DECLARE_FLEX_ARRAY(__u32, raw)`), or all that several
    structures share (`struct ALG_COMMON;`); `bodies` are the words of macros that may.  `meant` are the names of types that
    stand for a structure (`mempool_t`: `struct mempool`), `pointers` what the names of pointers to functions do
    (`int (*{})(struct row *row)`); `twins` are the methods that share their place with one of the same prototype, in a union
    without a name.
    """

    functions: dict[str, list[Function]] = field(default_factory=dict)
    macros: dict[str, list[Macro]] = field(default_factory=dict)
    members: dict[tuple[str, str], list[Member]] = field(default_factory=dict)
    methods: dict[tuple[str, str], list[Method]] = field(default_factory=dict)
    constants: dict[str, list[Constant]] = field(default_factory=dict)
    structs: dict[str, list[str]] = field(default_factory=dict)
    said: dict[str, set[str]] = field(default_factory=dict)
    bodies: dict[str, set[str]] = field(default_factory=dict)
    pointers: dict[str, str] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    meant: dict[str, str] = field(default_factory=dict)
    twins: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
