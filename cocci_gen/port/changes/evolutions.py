"""What code that was written for one kernel has to follow in another -> Evolution, one class for each sort of change."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cocci_gen.document.declarations import type_of
from cocci_gen.document.diff import RuleChange
from cocci_gen.port.changes.declared import Constant, Function, Macro, Member, Method
from cocci_gen.port.texts.parameters import Kept, Step


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
class NameTaken:
    """A name that code gives a function of its own, and that a header which it includes declares by now."""

    old: str
    path: str

    @property
    def id(self) -> str:
        """`start_creating() of its own`."""
        return f"{self.old}() of its own"

    @property
    def header(self) -> str:
        """`linux/namei.h`."""
        return self.path.removeprefix("include/")


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
    | NameTaken
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
        case StructRenamed(old=tag) | StructGone(old=tag) | NameTaken(old=tag):
            return tag
    return evolution.old.name


def name_of_change(evolution: Evolution) -> str:
    """The name that terms of code have for what changed: `inode.i_ctime` for a member, the word itself for all else."""
    match evolution:
        case MemberGone(old=old) | MemberRetyped(old=old):
            return f"{old.struct}.{old.name}"
    return word_of(evolution)


def plain_type(text: str) -> str:
    """A type that stands alone, without a name behind it."""
    return type_of(f"{text} ")
