"""A branch of a conditional and what the kernel has -> why it cannot be the one that is compiled.

A module's `configure` compiles small programs to learn what a kernel has.  Its result is not there, but the kernel is: a branch
that sets a member which the structure lacks, calls what no header knows, or gives a method another head than the kernel calls,
is not the branch of this kernel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cocci_gen.code.texts.conditionals import Conditionals, NameDefinition
from cocci_gen.code.texts.directives import Branch
from cocci_gen.document.declarations import Prototype
from cocci_gen.facts.tree.heads import Head, fits, head_of
from cocci_gen.facts.tree.kernel_words import KernelWords

_CALLED = re.compile(r"(?<![\w.>#])([A-Za-z_]\w*)[ \t]*\(")
_TAG = re.compile(r"\b(?:struct|union|enum)\s+(\w+)")
_ANNOUNCED = re.compile(r"\b(?:struct|union|enum)\s+(\w+)\s*(?:__\w+\s*)?[{;]")
_INCLUDED = re.compile(r"^[ \t]*#[ \t]*include[ \t]*<([^>\n]+)>", re.M)
_TABLE = re.compile(r"\bstruct\s+(\w+)\s+\w+\s*(?:\[[^\]]*\])?\s*(?:__\w+\s*)*=\s*\{")
_MEMBER = re.compile(r"(?m)^[ \t]*\.(\w+)[ \t]*=[ \t]*&?(\w+)")
#: What stands before a bracket and is no function.
_NO_CALL = frozenset(
    re.findall(
        r"\w+",
        "if while for switch return sizeof do else case typeof __typeof__ typeof_member alignof defined __attribute__ asm __asm__"
        " offsetof goto static extern inline const unsigned signed int long short char void bool struct union enum",
    )
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A line that sets a member of a table: of which structure, and to which function."""

    struct: str
    member: str
    function: str
    line: int


@lru_cache(maxsize=2048)
def slots_of(code: str) -> tuple[Slot, ...]:
    """The members that the tables of a plain text set."""
    found = []
    for table in _TABLE.finditer(code):
        end = _end(code, table.end())
        for match in _MEMBER.finditer(code, table.end(), end):
            line = code.count("\n", 0, match.start(1))
            found.append(Slot(table[1], match[1], match[2], line))
    return tuple(found)


_HEAD = re.compile(r"(?m)^(?:[A-Za-z_][\w \t*]*[ \t*])?(\w+)[ \t]*\(")
#: `__attribute__((regparm(0)))`, `__printf(1, 2)`: what may stand between a type and the name of a function.
_DECORATION = re.compile(r"\b__\w+[ \t]*\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)(?=[ \t]*\**[ \t]*\w+[ \t]*\()")
_USED = re.compile(r"(?m)^(\w+)[ \t]*\([ \t]*(\w+)[ \t]*\)[ \t]*;?[ \t]*$")
_BRACE_OR_CONDITIONAL = re.compile(r"(?P<brace>[{}])|(?m:^)[ \t]*#[ \t]*(?P<word>if|ifdef|ifndef|elif|else|endif)\b")
_IFS = frozenset({"if", "ifdef", "ifndef"})
_DEFINED = re.compile(r"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)")
_SAID = re.compile(r"\b([A-Za-z_]\w*)\b(?!\s*\()")


@lru_cache(maxsize=2048)
def heads_in(code: str) -> frozenset[str]:
    """The functions and macros that a plain text defines or declares, by the way people write them."""
    return frozenset((*_HEAD.findall(_DECORATION.sub("", code)), *_DEFINED.findall(code)))


@lru_cache(maxsize=2048)
def tags_in(code: str) -> frozenset[str]:
    """The structures, unions and enumerations that a plain text defines or announces."""
    return frozenset(_ANNOUNCED.findall(code))


@lru_cache(maxsize=2048)
def made_in(code: str) -> tuple[tuple[str, str], ...]:
    """(macro, argument) of each macro that stands alone at the beginning of a line."""
    return tuple(_USED.findall(code))


def called_in(code: str) -> set[str]:
    """The names that a plain text calls."""
    return set(_CALLED.findall(code))


@lru_cache(maxsize=2048)
def said_in(code: str) -> frozenset[str]:
    """The names that a plain text says other than to call them or to put them into a table."""
    return frozenset(_SAID.findall(_MEMBER.sub("", code)))


def _end(code: str, at: int) -> int:
    """Where the brace that opens before `at` is closed: each branch of a conditional counts from where the conditional begins,
    and other ways to open the same brace do not count."""
    depth, around, skipped = 1, list[int](), 0
    for match in _BRACE_OR_CONDITIONAL.finditer(code, at):
        brace, word = match["brace"], match["word"]
        if skipped:
            skipped += -1 if word == "endif" else word in _IFS
        elif brace:
            depth += 1 if brace == "{" else -1
            if depth == 0:
                return match.start()
        elif word in _IFS:
            around.append(depth)
        elif word == "endif":
            around = around[:-1]
        elif around:
            depth = around[-1]
        else:
            skipped = 1
    return len(code)


@dataclass(slots=True)
class Evidence:
    """What is known of a module and its kernel: `methods` are the prototypes that tables of the module ask of its functions,
    `made` the functions that it has a macro define, `heads` how it defines these methods, `own` the functions and macros that it
    defines or declares, and every name that it says other than to call it, `tags` its structures."""

    kernel: KernelWords
    header: Callable[[str], bool | None]
    methods: Mapping[str, tuple[Prototype, ...]] = field(default_factory=dict)
    made: Mapping[str, frozenset[str]] = field(default_factory=dict)
    heads: Mapping[str, tuple[Head, ...]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def against(self, text: Conditionals, code: list[str], slots: Iterable[Slot], branch: Branch) -> str:
        """Why a branch cannot be compiled; "" for no reason."""
        lines = list(text.surely(branch))
        if not text.errors.isdisjoint(lines):
            return "#error"
        inside = set(lines)
        for slot in slots:
            if slot.line in inside and self._lacks(slot):
                return f"struct {slot.struct} has no {slot.member}"
            if slot.line in inside and not self._known(slot.function, self.own):
                return f"there is no {slot.function}"
        return self._foreign("\n".join(code[number] for number in lines))

    def _lacks(self, slot: Slot) -> bool:
        known = self.kernel.structs.get(slot.struct, ())
        return bool(known) and not any(one.prototypes(slot.member) or slot.member in one.others for one in known)

    def _foreign(self, shown: str) -> str:
        """What a text names that neither the kernel nor the module has."""
        for name in _INCLUDED.findall(shown):
            if self.header(name) is False:
                return f"there is no <{name}>"
        for names, own in ((_CALLED.findall(shown), self.own | _NO_CALL), (_TAG.findall(shown), self.tags)):
            for name in dict.fromkeys(names):  # a branch may hold most of a file
                if not name.isupper() and not self._known(
                    name, own
                ):  # a macro may come with a header that is not there
                    return f"there is no {name}"
        return ""

    def _known(self, name: str, own: frozenset[str]) -> bool:
        return name in own or name.encode("utf-8", "surrogateescape") in self.kernel.words

    def misplaced(self, slot: Slot) -> bool | None:
        """Whether the one function that a table names there has another head than that member; None when that is not known."""
        heads = self.heads.get(slot.function, ())
        wanted = [one for struct in self.kernel.structs.get(slot.struct, ()) for one in struct.prototypes(slot.member)]
        if len(heads) != 1 or not wanted:
            return None
        return not any(fits(heads[0], prototype) for prototype in wanted)

    def heads_of_methods(self, shown: str, macros: Iterable[NameDefinition]) -> dict[str, bool]:
        """The methods whose heads stand in a text, or are made by one of its macros, and whether the kernel calls them so."""
        found = dict[str, bool]()
        for macro in macros:
            for function in self.made.get(macro.name, ()) if macro.parameters else ():
                self._compare(macro.body, (macro.parameters or ("",))[0], function, found)
        for function in self.methods:
            if function in shown:
                self._compare(shown, function, function, found)
        return found

    def _compare(self, shown: str, name: str, function: str, found: dict[str, bool]) -> None:
        wanted = self.methods.get(function, ())
        head = head_of(shown, name) if wanted else None
        if head is not None:
            found[function] = any(fits(head, prototype) for prototype in wanted)
