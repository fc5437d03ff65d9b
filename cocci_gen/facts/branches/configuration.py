"""A module and the kernel that it is laid over -> Configured, its texts with the conditionals decided that can be.

Known are the macros on its command line, those that its headers define, and those of the kernel's headers; a name that neither
has, and that no makefile or `configure` speaks of, is not defined.  What the module's own `configure` would learn from the
kernel is learned from the kernel: a branch that it cannot compile is not the branch (`evidence`), and the names follow from
the branches that are left.  What stays open is seen from both sides, as ever.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cocci_gen.code.texts.conditionals import Conditionals, NameDefinition, Names, names_in
from cocci_gen.code.texts.directives import Group
from cocci_gen.document.declarations import Prototype
from cocci_gen.facts.branches.branch_heads import heads_of, misfits
from cocci_gen.facts.branches.conclusions import follows
from cocci_gen.facts.branches.evidence import (
    Evidence,
    called_in,
    heads_in,
    made_in,
    said_in,
    tags_in,
)
from cocci_gen.facts.branches.module_files import ModuleFile, module_file
from cocci_gen.facts.tree.heads import Head, head_of, plain
from cocci_gen.facts.tree.index import version_of
from cocci_gen.facts.tree.kernel_words import header_known, kernel_words
from cocci_gen.facts.tree.made_heads import called_alone, made_heads, whole_heads, written_out
from cocci_gen.kernel.module_makefiles import BuiltFiles
from cocci_gen.kernel.tree import KernelTree

#: What `configure` leaves of a name that it does not define.
_UNDONE = re.compile(rb"(?m)^/\*[ \t]*#[ \t]*undef[ \t]+(\w+)[ \t]*\*/")
#: A conditional that asks whether `configure` has found something, and nothing else.
_IF_THERE = re.compile(r"\(*+defined\s*+\(?\s*+(HAVE_\w++)[\s)]*+")
#: So many names of one conditional are tried in all combinations.
_NAMES = 6
#: What is learned in one round may decide more in the next; each round decides something or is the last.
_ROUNDS = 12
#: Macros that the user of any module may set without a word about it in its makefiles.
_USERS = frozenset({"DEBUG", "NDEBUG", "MODULE", "KERNEL", "TEST", "BITS_PER_LONG"})


@dataclass(frozen=True, slots=True)
class Configured:
    """The texts by path, the names that were learned from the kernel (defined or not), how many conditionals stay open, and the
    names that branches ask for whose method has another head than this kernel calls."""

    texts: Mapping[str, bytes]
    learned: Mapping[str, bool]
    open: int
    unfit: frozenset[str] = frozenset()


def configured(
    tree: KernelTree,
    files: Mapping[str, bytes],
    built: BuiltFiles,
    settable: frozenset[str],
    others: Iterable[bytes] = (),
    given: Mapping[str, bool] | None = None,
    version: int = 0,
) -> Configured:
    """The kernel below, the sources and headers of a module, how they are built, the names that its build may set, and the
    texts of its other files: what they define may be there all the same.  `given` are names that are known already to be defined
    or not, `version` stands in place of the kernel's own LINUX_VERSION_CODE."""
    return _Configuration(tree, files, built, settable, others, given or {}, version).decided()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a file defines: names with values, and macros with parameters."""

    values: dict[str, str]
    macros: dict[str, tuple[tuple[str, ...], str]]


class _Configuration:
    def __init__(
        self,
        tree: KernelTree,
        files: Mapping[str, bytes],
        built: BuiltFiles,
        settable: frozenset[str],
        others: Iterable[bytes],
        given: Mapping[str, bool],
        version: int,
    ) -> None:
        self._others = [plain(text) for text in others]
        self.built = built
        self.settable = frozenset(name for name in settable | built.open_macros if name.isupper())
        self.version = version or version_of(tree)
        self.tree = tree
        self.files = {path: module_file(path, text) for path, text in files.items()}
        self.learned = dict(given)
        self._disputed: set[str] = set()
        self._unfit: set[str] = set()
        self._closures = {path: self._closure(path) for path in self.files}
        asked = frozenset(name for one in self.files.values() for name in one.conditionals.names())
        tags = frozenset(slot.struct for one in self.files.values() for slot in one.slots)
        called = frozenset[str]().union(*map(called_alone, files.values()))
        self.kernel = kernel_words(tree, asked, tags, self.version, called)
        self._defining = defaultdict[str, list[tuple[Conditionals, NameDefinition]]](list)
        for one in self.files.values():
            for definition in one.conditionals.definitions:
                self._defining[definition.name].append((one.conditionals, definition))
        relevant = self._relevant(asked)
        self._definitions = {
            path: tuple(found for found in one.conditionals.definitions if found.name in relevant)
            for path, one in self.files.items()
        }
        self._seen: dict[str, _Seen] = {}
        self._undone = {name.decode() for path in built.headers for name in _UNDONE.findall(files[path])}
        self._trusted = False
        functions = {slot.function for one in self.files.values() for slot in one.slots}
        self._named = {path: functions & heads_in(one.whole) for path, one in self.files.items()}

    def decided(self) -> Configured:
        """All rounds, and the texts."""
        self._learn()
        # What `configure` left behind may be of another kernel, or of a machine without one.
        self._trusted = not any(self.learned.get(name) for name in self._undone)
        if self._undone and self._trusted:
            self._learn()
        if self._by_purpose():
            self._learn()
        texts = {path: one.conditionals.rewritten() for path, one in self.files.items()}
        heads = {**whole_heads(self.kernel.macros), **made_heads(self._live_macros())}
        texts = {path: written_out(text, heads) for path, text in texts.items()}
        still = sum(
            branch.taken is None and branch.word != "else" and not one.conditionals.is_default(group)
            for one in self.files.values()
            for group in one.conditionals.groups
            for branch in group.branches
        )
        return Configured(texts, dict(sorted(self.learned.items())), still, frozenset(self._unfit))

    def _learn(self) -> None:
        """Names decide branches, and these further names, until nothing more is decided."""
        for _ in range(_ROUNDS):
            self._by_names()
            if not self._by_evidence():
                break

    def _closure(self, path: str) -> tuple[str, ...]:
        """A file and all that it includes of the module."""
        found, todo = dict[str, None](), [path]
        while todo:
            here = todo.pop()
            if here not in found and here in self.files:
                found[here] = None
                todo += self.built.includes.get(here, ())
        return tuple(found)

    def _relevant(self, asked: frozenset[str]) -> set[str]:
        """The names that conditionals ask for, and those that these stand for."""
        found, todo = set[str](), list(asked)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += (word for _, one in self._defining.get(name, ()) for word in names_in(one.body[:200]))
        return found

    # What is known of names.

    def _by_names(self) -> None:
        """Everything that the names decide, until nothing more is decided."""
        known = -1
        while (count := self._count()) != known:
            known = count
            self._seen = {path: self._seen_in(path) for path in self.files}
            for path, one in self.files.items():
                one.conditionals.decide(self._names(path))

    def _count(self) -> int:
        return sum(
            branch.taken is not None
            for one in self.files.values()
            for group in one.conditionals.groups
            for branch in group.branches
        )

    def _names(self, path: str) -> Names:
        """What is known of names in one file."""
        values = {**self.kernel.defined, **self.built.macros}
        values.update((name, "") for name, defined in self.learned.items() if defined)
        macros: dict[str, tuple[tuple[str, ...], str]] = {}
        for other in self._closures[path]:
            values |= self._seen[other].values
            macros |= self._seen[other].macros
        return Names(self.version, values, macros, self._absent, lambda name: header_known(self.tree, name))

    def _seen_in(self, path: str) -> _Seen:
        """What one file defines, of the names that conditionals ask for, whatever is open."""
        text = self.files[path].conditionals
        seen = _Seen({}, {})
        for one in self._definitions[path]:
            if one.gone and text.compiled(one.line) is not False:
                seen.values.pop(one.name, None)
                seen.macros.pop(one.name, None)
            elif text.compiled(one.line) and one.parameters is not None:
                seen.macros[one.name] = (one.parameters, one.body)
            elif text.compiled(one.line):
                seen.values[one.name] = one.body if len(one.body) < 200 else ""
        return seen

    def _absent(self, name: str) -> bool:
        """Whether nothing at all defines a name."""
        if name in self.learned:
            return not self.learned[name]
        if self._trusted and name in self._undone:
            return not self._defining.get(name)
        if name in self.kernel.perhaps or name in self.settable or name in _USERS:
            return False
        if name.startswith(("_", "CONFIG_", "KBUILD_")) or name.islower():
            return False
        return not any(
            not one.gone and text.compiled(one.line) is not False for text, one in self._defining.get(name, ())
        )

    # What the kernel tells of branches.

    def _by_evidence(self) -> bool:
        """One round; whether anything was decided."""
        evidence = self._evidence()
        votes = defaultdict[str, set[bool]](set)
        changed = False
        for one in self.files.values():
            for group in one.conditionals.groups:
                if self._may_tell(one, group):
                    changed |= self._weighed(one, group, evidence, votes)
        for name, values in votes.items():
            if len(values) > 1:
                self._disputed.add(name)
            elif name not in self._disputed and name not in self.learned:
                self.learned[name] = values.pop()
                changed = True
        return changed

    def _evidence(self) -> Evidence:
        codes = [one.whole for one in self.files.values()]
        everywhere = [*codes, *self._others]
        own = set[str]().union(*map(heads_in, everywhere), *map(said_in, everywhere))
        for one in self.files.values():  # what is called there is there
            own |= called_in("\n".join(one.lines(sure=True)))
        methods, made = defaultdict[str, list[Prototype]](list), defaultdict[str, set[str]](set)
        for one in self.files.values():
            for slot in one.slots:
                if one.conditionals.compiled(slot.line) is not False:
                    for struct in self.kernel.structs.get(slot.struct, ()):
                        methods[slot.function] += struct.prototypes(slot.member)
        for code in codes:
            for macro, argument in made_in(code):
                made[macro].add(argument)
        defined = defaultdict[str, list[Head]](list)
        for one in self.files.values():
            for name in self._named[one.path] & methods.keys():
                if (head := head_of("\n".join(one.lines(sure=False)), name)) is not None:
                    defined[name].append(head)
        return Evidence(
            self.kernel,
            lambda name: header_known(self.tree, name),
            {name: tuple(ones) for name, ones in methods.items() if ones},
            {name: frozenset(ones) for name, ones in made.items()},
            {name: tuple(ones) for name, ones in defined.items()},
            frozenset(own),
            frozenset[str]().union(*map(tags_in, everywhere)),
        )

    def _by_purpose(self) -> bool:
        """Where nothing else decides: a name of the form that `configure` gives to what it finds, `HAVE_METHOD`, is defined if
        all that it guards somewhere is an entry of a table for a method that the kernel has; whether one was."""
        found = set[str]()
        for one in self.files.values():
            filled = Counter((slot.struct, slot.member) for slot in one.slots)
            for slot in one.slots:
                group = next((each for each in one.conditionals.groups if _guards(each, slot.line)), None)
                known = any(struct.prototypes(slot.member) for struct in self.kernel.structs.get(slot.struct, ()))
                if group is None or not known or filled[slot.struct, slot.member] > 1:
                    continue
                name = _IF_THERE.fullmatch(group.branches[0].condition)
                if name and name[1] in self.settable and name[1] not in self._disputed | self.learned.keys():
                    found.add(name[1])
        self.learned |= dict.fromkeys(found, True)
        return bool(found)

    def _weighed(self, one: ModuleFile, group: Group, evidence: Evidence, votes: dict[str, set[bool]]) -> bool:
        """Decide what the branches of one conditional tell; whether one was ruled out."""
        known = self._names(one.path)
        unknown = self._unknown(group, known)
        if not unknown or len(unknown) > _NAMES or not self.settable.issuperset(unknown):
            return False
        live = [branch for branch in group.branches if branch.taken is not False]
        dead = []
        if len(live) > 1 or group.branches[-1].word != "else":
            dead = [branch for branch in live if evidence.against(one.conditionals, one.code, one.slots, branch)]
            heads = heads_of(one, [branch for branch in live if branch not in dead], evidence)
            self._unfit |= {name for branch, found in heads if found and not any(found.values())
                            for name in names_in(branch.condition)}  # fmt: skip
            dead += misfits(heads)
        left = [branch for branch in live if branch not in dead]
        if not left and group.branches[-1].word == "else":
            return False  # it can be compiled in no way: the evidence is not to be trusted
        ruled_out = [*dead, *(branch for branch in group.branches if branch.taken is False)]
        for name, value in follows(group, known, unknown, ruled_out) if ruled_out else ():
            votes[name].add(value)
        for branch in dead:
            branch.taken = False
        if len(left) == 1 and group.branches[-1].word == "else":
            left[0].taken = True
        return bool(dead)

    def _unknown(self, group: Group, known: Names) -> list[str]:
        """The names of a conditional that nothing decides."""
        asked = dict.fromkeys(name for branch in group.branches for name in names_in(branch.condition))
        return [
            name for name in asked if name not in known.values and name not in known.macros and not known.absent(name)
        ]

    def _may_tell(self, one: ModuleFile, group: Group) -> bool:
        """Whether a conditional may tell something: it is compiled, or is where the kernel's configuration says so."""
        text = one.conditionals
        if text.is_default(group):
            return False
        place = text.around(group)
        while place is not None:
            outer, branch = place
            if branch.taken is False:
                return False
            if branch.taken is None and any(
                not name.startswith("CONFIG_") for one in outer.branches for name in names_in(one.condition)
            ):
                return False
            place = text.around(outer)
        return True

    def _live_macros(self) -> Mapping[str, NameDefinition]:
        """The macros with parameters that have one definition which may be compiled."""
        found = defaultdict[str, list[NameDefinition]](list)
        for one in self.files.values():
            for definition in one.conditionals.definitions:
                if definition.parameters and one.conditionals.compiled(definition.line) is not False:
                    found[definition.name].append(definition)
        return {name: ones[0] for name, ones in found.items() if len({(x.parameters, x.body) for x in ones}) == 1}


def _guards(group: Group, line: int) -> bool:
    """Whether a conditional without another side decides on one line of code, and on no other."""
    first, *others = group.branches
    return not others and first.taken is None and first.last == line == first.end - 1
