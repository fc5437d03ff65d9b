"""Declared of two kernels and both documents -> Evolution, what code that was written for the first has to follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cocci_gen.document.declarations import in_pages, type_of
from cocci_gen.document.diff import RuleChange
from cocci_gen.port.declared import Constant, Declared, Function, Macro, Member, Method, read_headers
from cocci_gen.port.parameters import Added, Kept, MovedAway, MovedHere, Removed, Retyped, Step, steps_between
from cocci_gen.port.renamed_structs import renamed_structs, respelled, spelled_out
from cocci_gen.port.trees import Sources

#: Headers that declare nothing that C code is compiled against, or only numbers.
_NO_HEADERS = ("include/dt-bindings/", "include/generated/", "include/config/")


#: More names of a header say nothing more.
_TOLD_NAMES = 3

#: Where `#include <asm/x.h>` leads on most machines.
_ASM = ("include/asm-generic/", "arch/x86/include/asm/")
_STRUCT = re.compile(rb"\b(?:struct|union)[ \t]+(\w+)")
_ELSEWHERE = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)|^[a-z_][\w \t*]*?\b(\w+)\(", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MethodChanged:
    """A method of an operations structure has another prototype; `steps` lead from the old parameters to the new."""

    old: Method
    new: Method
    steps: tuple[Step, ...]

    @property
    def steps_differ(self) -> bool:
        """Whether the prototype changed, and not only its name."""
        returns = [plain_type(one.prototype.returns) for one in (self.old, self.new)]
        return returns[0] != returns[1] or any(not isinstance(step, Kept) for step in self.steps)

    @property
    def id(self) -> str:
        """`inode_operations.create`."""
        return f"{self.old.struct}.{self.old.name}"


@dataclass(frozen=True, slots=True)
class MethodRenamed:
    """A method has another name; its prototype may differ as well (`steps`)."""

    old: Method
    new: Method
    steps: tuple[Step, ...]

    @property
    def steps_differ(self) -> bool:
        """Whether the prototype changed, and not only its name."""
        returns = [plain_type(one.prototype.returns) for one in (self.old, self.new)]
        return returns[0] != returns[1] or any(not isinstance(step, Kept) for step in self.steps)

    @property
    def id(self) -> str:
        """`address_space_operations.readpage`."""
        return f"{self.old.struct}.{self.old.name}"


@dataclass(frozen=True, slots=True)
class MethodGone:
    """A method that the structure does not have any more and that no other follows."""

    old: Method

    @property
    def id(self) -> str:
        """`file_operations.sendpage`."""
        return f"{self.old.struct}.{self.old.name}"


@dataclass(frozen=True, slots=True)
class FunctionChanged:
    """A function or helper with another prototype."""

    old: Function
    new: Function
    steps: tuple[Step, ...]

    @property
    def id(self) -> str:
        """`inode_permission()`."""
        return f"{self.old.name}()"


@dataclass(frozen=True, slots=True)
class FunctionGone:
    """A function that no header declares any more; `macros` where a macro of that name is there now."""

    old: Function
    macros: tuple[Macro, ...]

    @property
    def id(self) -> str:
        """`generic_file_splice_read()`."""
        return f"{self.old.name}()"


@dataclass(frozen=True, slots=True)
class MacroGone:
    """A macro that no header defines any more, nor declares as something else."""

    old: Macro

    @property
    def id(self) -> str:
        """`SLAB_MEM_SPREAD`."""
        return self.old.name


@dataclass(frozen=True, slots=True)
class MacroChanged:
    """A macro that takes more or fewer arguments, as a macro or as a function by now."""

    old: Macro
    new: Macro

    @property
    def id(self) -> str:
        """`blk_alloc_disk()`."""
        return f"{self.old.name}()"


@dataclass(frozen=True, slots=True)
class MacroTakesString:
    """A macro that made a string of the name that it got, and takes the string by now."""

    old: Macro
    new: Macro

    @property
    def id(self) -> str:
        """`MODULE_IMPORT_NS()`."""
        return f"{self.old.name}()"


@dataclass(frozen=True, slots=True)
class MemberGone:
    """A member that its structure does not have any more; `alone` where no other structure has one of this name."""

    old: Member
    alone: bool

    @property
    def id(self) -> str:
        """`inode.i_ctime`."""
        return f"{self.old.struct}.{self.old.name}"


@dataclass(frozen=True, slots=True)
class MemberRetyped:
    """A member with another type."""

    old: Member
    new: Member

    @property
    def is_closed(self) -> bool:
        """Whether it became one that nobody may set (`const vm_flags_t vm_flags`)."""
        return self.new.const and not self.old.const

    @property
    def is_wrapped(self) -> bool:
        """Whether it was a number or a pointer and became a structure, of which nothing can be read as before."""
        kinds = [re.fullmatch(r"(?:const )?(?:struct|union) \w+", one.type) is not None for one in (self.old, self.new)]
        return kinds == [False, True] and "{" not in self.old.type

    @property
    def id(self) -> str:
        """`file.f_lock`."""
        return f"{self.old.struct}.{self.old.name}"


@dataclass(frozen=True, slots=True)
class StructRenamed:
    """A structure that has another name by now, with its members."""

    old: str
    new: str
    path: str

    @property
    def id(self) -> str:
        """`struct fileattr`."""
        return f"struct {self.old}"


@dataclass(frozen=True, slots=True)
class StructGone:
    """A structure of which no header says anything any more, and that no other one is."""

    old: str
    path: str

    @property
    def id(self) -> str:
        """`struct nameidata`."""
        return f"struct {self.old}"


@dataclass(frozen=True, slots=True)
class ConstantGone:
    """An enumerator, or a variable, that no header has any more."""

    old: Constant

    @property
    def id(self) -> str:
        """`AOP_TRUNCATED_PAGE`."""
        return self.old.name


@dataclass(frozen=True, slots=True)
class HeaderGone:
    """A header that is not there any more; `moved` are the headers of the same name elsewhere below include/."""

    path: str
    moved: tuple[str, ...]

    @property
    def id(self) -> str:
        """`linux/genhd.h`."""
        return self.path.removeprefix("include/")


@dataclass(frozen=True, slots=True)
class DeclarationsMoved:
    """Names that one header declared, and that another one declares by now."""

    old: str
    new: str
    names: tuple[str, ...]

    @property
    def id(self) -> str:
        """`linux/filelock.h after linux/fs.h`."""
        return f"{self.header} after {self.old.removeprefix('include/')}"

    @property
    def header(self) -> str:
        """`linux/filelock.h`."""
        return self.new.removeprefix("include/")


@dataclass(frozen=True, slots=True)
class IncludeGone:
    """A header that another one (`""` for several) brought to whoever includes that, and does not bring any more."""

    old: str
    new: str

    @property
    def id(self) -> str:
        """`linux/hex.h without linux/kernel.h`."""
        return f"{self.header} without {self.old.removeprefix('include/') or 'others'}"

    @property
    def header(self) -> str:
        """`linux/hex.h`."""
        return self.new.removeprefix("include/")


@dataclass(frozen=True, slots=True)
class ProtocolChanged:
    """A cell or sentence of locking.rst about a method says something else: who holds a lock, who unlocks, what may block."""

    change: RuleChange

    @property
    def id(self) -> str:
        """`inode_operations.setattr: i_rwsem`."""
        where = f"{self.change.struct}.{self.change.method}" if self.change.method else self.change.struct
        return f"{where}: {self.change.column or self.change.what}"


Evolution = (
    MethodChanged
    | MethodRenamed
    | MethodGone
    | FunctionChanged
    | FunctionGone
    | MacroGone
    | MacroChanged
    | MacroTakesString
    | MemberGone
    | MemberRetyped
    | StructRenamed
    | StructGone
    | ConstantGone
    | HeaderGone
    | DeclarationsMoved
    | IncludeGone
    | ProtocolChanged
)


#: What happened to a structure as a whole.
OfTag = StructRenamed | StructGone


def word_of(evolution: Evolution) -> str:
    """The word by which code uses what changed."""
    match evolution:
        case HeaderGone(path=path):
            return path.removeprefix("include/")
        case DeclarationsMoved() | IncludeGone():
            return evolution.header
        case ProtocolChanged(change=change):
            return change.method
        case StructRenamed(old=tag) | StructGone(old=tag):
            return tag
    return evolution.old.name


def name_of_change(evolution: Evolution) -> str:
    """The name that terms of code have for what changed: `inode.i_ctime` for a member, the word itself for all else."""
    match evolution:
        case MemberGone(old=old) | MemberRetyped(old=old):
            return f"{old.struct}.{old.name}"
    return word_of(evolution)


def header_differences(old: Sources, new: Sources) -> tuple[Declared, Declared, tuple[str, ...]]:
    """Both kernels -> what the headers that differ declare in each, and the headers that went."""
    before, after = _headers(old), _headers(new)
    gone = (*(path for path in before if path not in new.oids), *_asm_gone(old, new))
    first = [path for path in before if new.oids.get(path) != old.oids[path]]
    second = [path for path in after if old.oids.get(path) != new.oids[path]]
    return read_headers(old.texts(first)), read_headers(new.texts(second)), gone


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
    for (struct, method), ones in new.methods.items():
        if (struct, method) not in old.methods:
            come.setdefault(struct, []).extend(ones)
    for (struct, method), ones in old.methods.items():
        now = new.methods.get((struct, method))
        if now is not None:
            before = {spelled_out(respelled(one.prototype.signature, tags), new.meant) for one in ones}
            changed = [one for one in now if spelled_out(one.prototype.signature, new.meant) not in before]
            if changed and len(changed) == len(now):
                yield MethodChanged(ones[0], now[0], _steps(ones[0], now[0], tags))
        elif struct in new.structs:
            yield _gone(ones[0], come.get(struct, ()), tags)


def _gone(old: Method, come: Iterable[Method], tags: Mapping[str, str]) -> MethodRenamed | MethodGone:
    """The successor of a method that went: one that came with the same name in pages or folios, or the same prototype alone
    among those that came and a word of the name in common."""
    rivals = list(come)
    named = [one for one in rivals if in_pages(one.name) == in_pages(old.name)]
    words = set(old.name.split("_"))
    alike = [
        one for one in rivals if one.prototype.signature == old.prototype.signature and words & set(one.name.split("_"))
    ]
    for chosen in (named, alike):
        if len({one.name for one in chosen}) == 1:
            return MethodRenamed(old, chosen[0], _steps(old, chosen[0], tags))
    return MethodGone(old)


def _steps(old: Method, new: Method, tags: Mapping[str, str]) -> tuple[Step, ...]:
    return steps_between([respelled(one, tags) for one in old.prototype.parameters], new.prototype.parameters)


def _functions(old: Declared, new: Declared, tags: Mapping[str, str]) -> Iterator[Evolution]:
    for name, ones in old.functions.items():
        now = new.functions.get(name)
        if now is not None:
            signatures = {spelled_out(one.signature, new.meant) for one in now}
            if not signatures & {spelled_out(respelled(one.signature, tags), new.meant) for one in ones}:
                before = [spelled_out(respelled(one, tags), new.meant) for one in ones[0].parameters]
                after = [spelled_out(one, new.meant) for one in now[0].parameters]
                yield FunctionChanged(ones[0], now[0], steps_between(before, after))
        elif not (name in new.constants or (name in new.macros and name in old.macros)):
            yield FunctionGone(ones[0], tuple(new.macros.get(name, ())))


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
        before = {respelled(plain_type(one.type), tags) for one in ones}
        if now is None and tag in new.structs and name not in new.said[tag] and (tag, name) not in new.methods:
            yield MemberGone(ones[0], owners[name] == 1)
        elif now is not None and not set(map(_untagged, before)) & {_untagged(plain_type(one.type)) for one in now}:
            yield MemberRetyped(ones[0], now[0])


def _untagged(kind: str) -> str:
    """A type without `struct`, which is sometimes not read behind a macro that opens a part of a structure."""
    return re.sub(r"\b(?:struct|union|enum) (?=\w)", "", kind)


def plain_type(text: str) -> str:
    """A type that stands alone, without a name behind it."""
    return type_of(f"{text} ")


def described(evolution: Evolution) -> str:
    """What changed, in one line for a person."""
    match evolution:
        case MethodChanged(old=old, new=new, steps=steps):
            return "; ".join(_changes(old.prototype.returns, new.prototype.returns, old.prototype.parameters,
                                      new.prototype.parameters, steps))  # fmt: skip
        case MethodRenamed(old=old, new=new, steps=steps):
            changes = _changes(old.prototype.returns, new.prototype.returns, old.prototype.parameters,
                               new.prototype.parameters, steps)  # fmt: skip
            return "; ".join((f"now ->{new.name}", *changes))
        case MethodGone():
            return "gone, no successor in the structure"
        case FunctionChanged(old=old, new=new, steps=steps):
            return "; ".join(_changes(old.returns, new.returns, old.parameters, new.parameters, steps))
        case FunctionGone(macros=macros):
            return "now a macro" if macros else "gone"
        case MacroChanged(old=before, new=after):
            return f"takes {after.arity} {'argument' if after.arity == 1 else 'arguments'} instead of {before.arity}"
        case MacroTakesString():
            return "takes a string, and made one of a name before"
        case MemberRetyped(old=old, new=new):
            return f"`{old.type}` is now `{new.type}`"
        case StructRenamed(new=tag):
            return f"now `struct {tag}`"
        case HeaderGone(moved=moved):
            return f"gone; {', '.join(moved)} has its name" if moved else "gone"
        case DeclarationsMoved(old=home, names=names):
            more = f" and {len(names) - _TOLD_NAMES} more" if len(names) > _TOLD_NAMES else ""
            return f"declares {', '.join(names[:_TOLD_NAMES])}{more}, as {home.removeprefix('include/')} did"
        case IncludeGone(old=home):
            return (
                f"{home.removeprefix('include/')} does not include it any more"
                if home
                else "no other header includes it any more"
            )
        case ProtocolChanged(change=change):
            return f"{change.how}: {change.old!r} -> {change.new!r}"
    return "gone"


def _changes(
    before: str, after: str, old: tuple[str, ...], new: tuple[str, ...], steps: tuple[Step, ...]
) -> tuple[str, ...]:
    told = [f"returns `{after}` instead of `{before}`"] if plain_type(before) != plain_type(after) else []
    for step in steps:
        match step:
            case Added(new=j):
                told.append(f"parameter `{new[j]}` added")
            case Removed(old=i):
                told.append(f"parameter `{old[i]}` removed")
            case Retyped(old=i, new=j):
                told.append(f"parameter `{old[i]}` is now `{new[j]}`")
            case MovedHere(old=i, new=j):
                told.append(f"parameter `{old[i]}` is now the {j + 1}. one")
            case Kept() | MovedAway():
                continue
    return tuple(told) or ("spelling only",)
