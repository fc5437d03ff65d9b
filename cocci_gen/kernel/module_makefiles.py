"""The makefiles of a module -> which of its files the kernel's build would take, with which macros and include folders.

Read as text, never run: variables are replaced where their value is plain, `ifeq` is decided where the makefile itself has set
all that it compares (else both sides count, as those of `ifdef` do), and what a `configure` script fills in (`@NAME@`) or a shell
would say is left out.  Where no makefile names an object whose
source is there, every C file counts, and that is said.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import dataclass, field

from cocci_gen.kernel.nearest import nearest

_NAMES = re.compile(
    r"(?:Kbuild|Makefile|GNUmakefile)(?:\.in|\.am)?|Makefile[-.]\w+|.+\.(?:mk|gmk|mak|[Kk]build)(?:\.in)?"
)
_ASSIGNMENT = re.compile(r"^[ \t]*(?:override[ \t]+|export[ \t]+)?([^\s:=+?#!]+)[ \t]*(\+=|:=|::=|\?=|=)[ \t]*(.*)$")
_CONDITION = re.compile(r"^[ \t]*(else[ \t]+)?(if(?:eq|neq|def|ndef))\b(.*)$")
_ELSE = re.compile(r"^[ \t]*else\b")
_COMPARED = re.compile(r"[ \t]*\(([^(),]*(?:\([^()]*\)[^(),]*)*),([^(),]*(?:\([^()]*\)[^(),]*)*)\)[ \t]*$")
#: What makes the lines below it a recipe, as far as they begin with a tab.
_RULE = re.compile(r"^[^\s#=][^#=]*:(?![:=]*=)")
_END = re.compile(r"^[ \t]*endif\b")
#: A test whether kbuild reads the makefile, or the user: the objects and flags stand on the side of kbuild.
_OF_KBUILD = re.compile(r"KERNELRELEASE|KBUILD_EXTMOD|KBUILD_SRC|DKMS")
_INCLUDE = re.compile(r"^[ \t]*-?s?include[ \t]+(.+)$")
_REFERENCE = re.compile(r"\$[({]([\w.-]+)[)}]")
#: $(patsubst %.c,%.o,WORDS), $(X:%.c=%.o), $(X:.c=.o), $(filter-out WORDS, WORDS): sources named in place of their objects.
_REPLACED = re.compile(r"\$[({]patsubst\s+(\S*?)%(\S*?)\s*,\s*(\S*?)%(\S*?)\s*,([^(){}]*)[)}]")
_RENAMED = re.compile(r"\$[({]([\w.-]+):%?(\.\w+)=%?(\.\w+)[)}]")
_FILTERED = re.compile(r"\$[({]filter-out\s+([^(){},]*),([^(){}]*)[)}]")
_PREFIXED = re.compile(r"\$\(addprefix\s+([^\s,()]+)\s*,([^()]*)\)")
#: obj-m, obj-y, obj-$(CONFIG_X): what is built.
_BUILT = re.compile(r"obj-(?:y|m|\$[({].*[)}])")
_PARTS = re.compile(r"-(?:y|m|objs|\$[({].*[)}])")
_FLAGS = re.compile(
    r"(?:subdir-)?(?:ccflags|cppflags|asflags)-.+|EXTRA_C(?:PP)?FLAGS|CFLAGS(?:_.+\.o|_MODULE)?|CPPFLAGS|KBUILD_C(?:PP)?FLAGS|KCPPFLAGS|KCFLAGS"
)
_MACRO = re.compile(r"-D([A-Za-z_]\w*)(?:=(\S*))?")
#: What stands before a path of the module: $(src)/, $(PWD)/, @abs_top_srcdir@/ and the like.
_PLACE = re.compile(r"^(?:\$[({][^(){}]*(?:\$[({]\w+[)}][^(){}]*)?[)}]|@\w+@)/*")
_UNKNOWN = re.compile(r"\$[({][^(){}]*[)}]|@\w+@")
_INCLUDED = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)
#: References within references are followed this deep: more is a makefile that names itself.
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class BuiltFiles:
    """What is built of a module: C files, the headers that they include, macros set on the command line, and in words how
    that was found and what is not there.  `open_macros` are those that only some builds set, `includes` says which files of the
    module each of its files includes, `left_out` are the C files that no makefile names."""

    sources: tuple[str, ...]
    headers: tuple[str, ...]
    macros: Mapping[str, str]
    by_makefile: bool
    notes: tuple[str, ...]
    open_macros: frozenset[str] = frozenset()
    includes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class _Makefile:
    """The assignments of one makefile and of what it includes: variable -> values, in order, each with whether it holds
    whatever the conditionals around it say."""

    folder: str
    values: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)

    def words(self, name: str, *, sure: bool = False) -> list[str]:
        """The words of a variable; `sure` leaves out what only some builds have."""
        texts = [text for text, holds in self.values.get(name, ()) if holds or not sure]
        return [word for text in texts for word in self.expanded(text, sure=sure).split()]

    def expanded(self, text: str, depth: int = 0, *, sure: bool = False) -> str:
        """The text with what is known put in; `$(src)` and the like stay."""
        if depth < _DEPTH:
            text = _RENAMED.sub(lambda found: f"$(patsubst %{found[2]},%{found[3]},$({found[1]}))", text)
            text = _REFERENCE.sub(lambda found: self._value(found[1], found[0], depth, sure=sure), text)
            text = _FILTERED.sub(_filtered, _REPLACED.sub(_replaced, text))
        return _PREFIXED.sub(lambda found: " ".join(found[1] + word for word in found[2].split()), text)

    def _value(self, name: str, reference: str, depth: int, *, sure: bool) -> str:
        if name not in self.values:
            return reference
        known = (text for text, holds in self.values[name] if holds or not sure)
        return self.expanded(" ".join(known), depth + 1, sure=sure)


def _replaced(match: re.Match[str]) -> str:
    """What `patsubst` makes of plain words."""
    before, behind, start, end, words = match.groups()
    return " ".join(
        f"{start}{word[len(before) : len(word) - len(behind)]}{end}"
        if word.startswith(before) and word.endswith(behind)
        else word
        for word in words.split()
    )


def _filtered(match: re.Match[str]) -> str:
    """What `filter-out` leaves of plain words."""
    return " ".join(word for word in match[2].split() if word not in match[1].split())


def is_makefile(path: str) -> bool:
    """Whether a file is one that make, or what makes it, would read."""
    return _NAMES.fullmatch(posixpath.basename(path)) is not None


def built_files(files: Mapping[str, bytes], of_kernel: Callable[[str], bool] = lambda name: False) -> BuiltFiles:
    """Path -> bytes of everything in a module -> what the kernel's build takes of it; `of_kernel` knows the headers that
    the kernel itself has, by the name in `#include`."""
    makefiles = [_read(path, files) for path in sorted(files) if is_makefile(path)]
    built = [one for one in makefiles if any(_BUILT.fullmatch(name) for name in one.values)]
    sources, missing = set[str](), set[str]()
    for makefile in built:
        for path in _objects(makefile, files):
            if not path.endswith(".S"):
                (sources if path in files else missing).add(path)
    notes, others = [], tuple[str, ...]()
    by_makefile = bool(sources)
    if by_makefile:
        others = tuple(sorted(path for path in files if path.endswith(".c") and path not in sources))
        named = f": {_listed([*others])}" if others else ""
        notes.append(f"{_number(sources, 'C file')} by its makefiles, {_number(others, 'other')} left out{named}")
        if missing:
            notes.append(
                f"{_number(missing, 'file')} that the makefiles name, but not there: {_listed(sorted(missing))}"
            )
    else:
        sources = {path for path in files if path.endswith(".c")}
        notes.append(f"no makefile names an object whose source is there, so all {len(sources)} C files are taken")
    folders, macros, unset = _flags(built, files)
    includes, absent = _includes(sources, folders, files)
    headers = tuple(sorted({path for paths in includes.values() for path in paths} - sources))
    if absent := [name for name in absent if not of_kernel(name)]:
        notes.append(f"{_number(absent, 'header')} of its own not there, perhaps made by its build: {_listed(absent)}")
    if unset:
        notes.append(f"flags that only its build knows are left out: {_listed(unset)}")
    open_macros = frozenset(found[1] for word in unset if (found := _MACRO.fullmatch(word)))
    told = tuple(notes)
    return BuiltFiles(tuple(sorted(sources)), headers, macros, by_makefile, told, open_macros, includes, others)


def _number(things: Sized, what: str) -> str:
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"{', '.join(names[:4])}{more}"


def _read(path: str, files: Mapping[str, bytes]) -> _Makefile:
    """A makefile, and the makefiles of the module that it includes."""
    made = _Makefile(posixpath.dirname(path))
    _assign(made, path, files, frozenset())
    return made


def _assign(made: _Makefile, path: str, files: Mapping[str, bytes], seen: frozenset[str]) -> None:
    text = re.sub(r"[ \t]*\\\r?\n[ \t]*", " ", files[path].decode("utf-8", "replace"))
    sides: list[_Side] = []
    in_rule = False
    for line in text.split("\n"):
        plain = re.sub(r"(?<!\\)#.*", "", line)
        if _turns(plain, sides, made) or not all(one.counts for one in sides):
            continue
        if in_rule and line.startswith("\t"):
            continue  # a line of a recipe
        if found := _ASSIGNMENT.match(plain):
            in_rule = False
            name = made.expanded(found[1])
            sure = all(one.sure for one in sides)
            made.values.setdefault(name, []).append((found[3].replace(f"$({name})", "").strip(), sure))
        elif _RULE.match(plain):
            in_rule = True
        elif found := _INCLUDE.match(plain):
            # Where a makefile lies is mostly said by make or a shell; what is left of the path is enough.
            for word in (*made.expanded(found[1]).split(), *_UNKNOWN.sub("", found[1]).split()):
                other = _place(word, made.folder, files)
                if other and other not in seen | {path}:
                    _assign(made, other, files, seen | {path})


@dataclass(slots=True)
class _Side:
    """The side of a conditional that is read: some build takes it, each does, it or one before is surely taken."""

    counts: bool
    sure: bool
    taken: bool


def _turns(line: str, sides: list[_Side], made: _Makefile) -> bool:
    """Whether a line begins, turns or ends a conditional, which is then done."""
    if found := _CONDITION.match(line):
        answer = _answer(found[2], found[3], made)
        if not found[1]:
            of_kbuild = _OF_KBUILD.search(found[3]) is not None
            sides.append(_Side(answer is not False, of_kbuild or answer is True, answer is True))
        elif sides:
            sides[-1] = _next_side(sides[-1], answer=answer)
        return True
    if _ELSE.match(line):
        if sides:
            sides[-1] = _next_side(sides[-1], answer=True)
        return True
    if _END.match(line):
        del sides[-1:]
        return True
    return False


def _next_side(last: _Side, *, answer: bool | None) -> _Side:
    """What `else` makes of a side: behind one that is surely taken nothing counts, behind one that may be nothing is sure."""
    if last.taken:
        return _Side(counts=False, sure=False, taken=True)
    if last.sure:  # kbuild's, or the user's
        return last
    sure = answer is True and not last.counts
    return _Side(answer is not False, sure, sure)


def _answer(word: str, compared: str, made: _Makefile) -> bool | None:
    """Whether the build of a module takes what stands under a condition; None where the makefile alone does not tell."""
    sides = _COMPARED.match(compared)
    if sides is None or word not in ("ifeq", "ifneq") or _OF_KBUILD.search(compared):
        return None
    left, right = (_fixed(one, made) for one in sides.groups())
    return None if left is None or right is None else (left == right) is (word == "ifeq")


def _fixed(text: str, made: _Makefile) -> str | None:
    """What one side of a comparison is in each build, as far as the makefile has set it once and for all."""
    names = [found[1] for found in _REFERENCE.finditer(text)]
    if any(len(made.values.get(name, ())) != 1 or not made.values[name][0][1] for name in names):
        return None
    value = made.expanded(text).strip()
    return None if "$" in value or "@" in value else value


def _place(word: str, folder: str, files: Mapping[str, bytes]) -> str:
    """A path in a makefile -> the file of the module that it means, as it stands or as a template (`.in`); "" for none."""
    bare = _PLACE.sub("", word).lstrip("/")
    for base in (folder, ""):
        path = posixpath.normpath(posixpath.join(base, bare))
        for name in (path, f"{path}.in"):
            if name in files:
                return name
    return ""


def _objects(makefile: _Makefile, files: Mapping[str, bytes]) -> Iterator[str]:
    """The C files of all objects that a makefile has built, there or not.

    A name that its folder does not have may count from the top, or (a build that copies) from the one folder that has it.
    """
    by_name: dict[str, list[str]] = {}
    for path in files:
        by_name.setdefault(posixpath.basename(path), []).append(path)
    for variable in makefile.values:
        if _BUILT.fullmatch(variable):
            for word in makefile.words(variable):
                if word.endswith(".o"):
                    stems = _parts(makefile, word.removesuffix(".o"), frozenset())
                    yield from (_source(stem, makefile.folder, files, by_name) for stem in stems)


def _parts(makefile: _Makefile, stem: str, seen: frozenset[str]) -> Iterator[str]:
    """One object without its `.o` -> itself, or the objects that it is put together from."""
    lists = [name for name in makefile.values if name.startswith(stem) and _PARTS.fullmatch(name[len(stem) :])]
    words = [word for name in lists for word in makefile.words(name) if word.endswith(".o")]
    for word in words:
        part = word.removesuffix(".o")
        if part != stem and part not in seen:
            yield from _parts(makefile, part, seen | {stem})
    if not words or f"{stem}.o" in words:
        bare = _PLACE.sub("", stem)
        if (
            posixpath.basename(bare) and "$" not in bare and "@" not in bare
        ):  # without a name: only its includer knows it
            yield bare


def _source(stem: str, folder: str, files: Mapping[str, bytes], by_name: Mapping[str, list[str]]) -> str:
    """An object without its `.o` -> its source, in C or in assembler; a C file that is not there where there is none."""
    for name in (f"{stem}.c", f"{stem}.S"):
        places = [posixpath.normpath(posixpath.join(base, name)) for base in (folder, "")]
        endings = [path for path in by_name.get(posixpath.basename(name), ()) if path.endswith(f"/{name}")]
        candidates: list[str] = [*places, *(endings if len(endings) == 1 else ())]
        for path in candidates:
            if path in files:
                return path
    return posixpath.normpath(posixpath.join(folder, f"{stem}.c"))


def _flags(built: list[_Makefile], files: Mapping[str, bytes]) -> tuple[list[str], dict[str, str], list[str]]:
    """Include folders of the module, macros, and the words that cannot be known."""
    folders, macros, unset = dict[str, None](), dict[str, str](), set[str]()
    known = {posixpath.dirname(path) for path in files}
    known |= {above for path in known for above in _above(path)}
    for makefile in built:
        for variable in makefile.values:
            if not _FLAGS.fullmatch(variable):
                continue
            sure = set(makefile.words(variable, sure=True))
            for word in makefile.words(variable):
                if (found := _MACRO.fullmatch(word)) and word in sure and "$" not in word and "@" not in word:
                    macros[found[1]] = "1" if found[2] is None else found[2]
                elif found:
                    unset.add(word)
                elif word.startswith("-I") and len(word) > 2:
                    bare = _PLACE.sub("", word[2:])
                    places = [posixpath.normpath(posixpath.join(base, bare)) for base in (makefile.folder, "")]
                    folders |= {place: None for place in places if place in known}
                elif re.fullmatch(r"@\w+@", word):
                    unset.add(word)
    return list(folders), macros, sorted(unset)


def _above(path: str) -> Iterator[str]:
    while path:
        path = posixpath.dirname(path)
        yield path


def _includes(
    sources: set[str], folders: list[str], files: Mapping[str, bytes]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """What the sources include of the module, in turn, and what they name in quotes and nobody has.

    A name that no folder of the command line explains means the file of the module whose path ends so and that lies nearest.
    """
    endings: dict[str, list[str]] = {}
    for path in files:
        if path.endswith((".h", ".c")):
            endings.setdefault(posixpath.basename(path), []).append(path)
    found, absent, todo = dict[str, tuple[str, ...]](), set[str](), sorted(sources)
    while todo:
        path = todo.pop()
        if path in found:
            continue
        included = dict[str, None]()
        for raw in _INCLUDED.findall(files[path]):
            name = raw.decode("utf-8", "surrogateescape")
            places = [posixpath.normpath(posixpath.join(base, name)) for base in (posixpath.dirname(path), *folders)]
            hits = [place for place in places if place in files]
            if not hits:
                ending = [one for one in endings.get(posixpath.basename(name), ()) if f"/{one}".endswith(f"/{name}")]
                hits = [one] if (one := nearest(path, ending)) else []
            if not hits and b'"' + raw + b'"' in files[path]:
                absent.add(name)
            included |= dict.fromkeys(hits[:1])
        found[path] = tuple(included)
        todo += included
    return found, sorted(absent)
