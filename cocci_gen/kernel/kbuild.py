"""The makefiles and Kconfig files of a tree -> which CONFIG_ options an object file needs, and what they depend on.

Read from the object database; nothing is run.  `ifdef` in makefiles is not understood, so an object may need more than is
said here: then make itself refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from cocci_gen.kernel.tree import KernelTree

_ASSIGNMENT = re.compile(r"^[ \t]*([^\s:=+#]+)[ \t]*(?:\+=|:=|=)[ \t]*(.*)$", re.MULTILINE)
_PREFIXED = re.compile(r"\$\(addprefix\s+([^\s,()]+)\s*,([^()]*)\)")
_LIST = re.compile(r"(?:obj|lib|core|drivers|net|libs)-(?:(y|m)|\$[({]CONFIG_(\w+)[)}])")
_PART = re.compile(r"(.+)-(?:(y|m|objs)|\$[({]CONFIG_(\w+)[)}])")
#: What ends the definition of an option in a Kconfig file.
_AFTER_CONFIG = re.compile(
    r"^[ \t]*(?:help|---help---|menu|endmenu|if|endif|choice|endchoice|source|comment)\b", re.MULTILINE
)
#: The Kconfig files that a folder may have; `.debug` holds what only developers ask for.
_KCONFIG = ("Kconfig", "Kconfig.debug")
_PROMPT = re.compile(r'^[ \t]+(?:bool|tristate|prompt)[ \t]+"([^"\n]*)"', re.MULTILINE)
#: A prompt that offers tests.
_TESTS = re.compile(r"\b(?:self-?|unit)?tests?\b|\btesting\b|\bkunit\b", re.IGNORECASE)
#: Paths that make and the shells which it starts can take.
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+,/-]*")


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be enabled: one alternative (a set of options, without CONFIG_) of every level."""

    levels: tuple[tuple[frozenset[str], ...], ...]

    def missing(self, enabled: frozenset[str]) -> tuple[str, ...]:
        """Enabled options -> those that keep the object from being built, of the best alternative of every level."""
        lacking: list[str] = []
        for level in self.levels:
            best = min((sorted(one - enabled) for one in level), key=lambda left: (len(left), left))
            lacking += best
        return tuple(dict.fromkeys(lacking))


@dataclass(frozen=True, slots=True)
class NoObject:
    """Why there is no object file of its own."""

    reason: str


def needs_of(tree: KernelTree, path: str) -> Needs | NoObject:
    """A C file -> what its object needs."""
    if not path.endswith((".c", ".S")):
        return NoObject(f"{path} has no object file of its own")
    if not _PLAIN.fullmatch(path) or ".." in path.split("/"):
        return NoObject(f"make cannot take the name {path!r}")
    folder, name = PurePosixPath(path).parent, PurePosixPath(path).with_suffix(".o").name
    while True:
        if found := tuple(_enabling(_lists(tree, folder), name, frozenset())):
            break
        if folder == folder.parent:
            return NoObject(f"no makefile names {PurePosixPath(path).with_suffix('.o')}")
        folder, name = folder.parent, f"{folder.name}/{name}"
    levels = [found]
    while folder != folder.parent:
        lists = _lists(tree, folder.parent)
        if above := tuple(_enabling(lists, f"{folder.name}/", frozenset())):
            levels.append(above)
        folder = folder.parent
    return Needs(tuple(levels))


def depends_on(tree: KernelTree, option: str) -> tuple[str, ...]:
    """An option -> `FILE: depends on ...` for each place where a Kconfig file defines it; () where none does."""
    pattern = f"^[[:blank:]]*(menu)?config[[:blank:]]+{re.escape(option)}[[:blank:]]*$"
    ended = tree.run_git("grep", "-l", "-E", "-e", pattern, tree.commit, "--", ":(glob)**/Kconfig*")
    names = getattr(ended, "stdout", b"").decode("utf-8", "surrogateescape").splitlines()
    found = []
    for name in names:
        path = name.partition(":")[2]
        found += [f"{path}: {words}" for words in _definitions(tree.read(path).decode("utf-8", "replace"), option)]
    return tuple(found)


def option_for_tests(tree: KernelTree, path: str) -> str:
    """The option without which no object is made of a C file and whose prompt in the Kconfig files of its folder, or of those
    above it, says that who sets it wants tests: `CONFIG_BOX_TESTS, "Tests of boxes"`; "" where a kernel needs none for it."""
    needs = needs_of(tree, path)
    levels = needs.levels if isinstance(needs, Needs) else ()
    for option in sorted(frozenset().union(*(frozenset.intersection(*level) for level in levels))):
        for prompt in _prompts(tree, PurePosixPath(path).parent, option):
            if _TESTS.search(prompt):
                return f"CONFIG_{option}, “{prompt}”"
    return ""


def enabled_in(config: str) -> frozenset[str]:
    """A .config -> the options that are y or m, without CONFIG_."""
    return frozenset(re.findall(r"^CONFIG_(\w+)=[ym]$", config, re.MULTILINE))


def _lists(tree: KernelTree, folder: PurePosixPath) -> list[tuple[str, tuple[str, ...]]]:
    """The makefile of a folder -> (variable, words) of each assignment, in order."""
    for name in ("Kbuild", "Makefile"):
        path = str(folder / name)
        if path in tree.blobs():
            text = re.sub(r"\\\n", " ", tree.read(path).decode("utf-8", "replace"))
            break
    else:
        return []
    found = []
    for variable, value in _ASSIGNMENT.findall(text):
        plain = _PREFIXED.sub(lambda match: " ".join(match[1] + word for word in match[2].split()), value)
        found.append((variable, tuple(plain.partition("#")[0].split())))
    return found


def _enabling(lists: list[tuple[str, tuple[str, ...]]], wanted: str, seen: frozenset[str]) -> Iterator[frozenset[str]]:
    """The sets of options any of which puts an object or a folder into a list; parts lead to what they are part of."""
    for variable, words in lists:
        if wanted not in words:
            continue
        if listed := _LIST.fullmatch(variable):
            yield frozenset({listed[2]} if listed[2] else ())
        elif part := _PART.fullmatch(variable):
            whole = f"{part[1]}.o"
            if whole not in seen and whole != wanted:
                own = {part[3]} if part[3] else set()
                for other in _enabling(lists, whole, seen | {wanted}):
                    yield other | own


def _prompts(tree: KernelTree, folder: PurePosixPath, option: str) -> Iterator[str]:
    """What a user is asked for an option, by the Kconfig files of a folder and of those above it."""
    for above in (folder, *folder.parents):
        for name in _KCONFIG:
            path = str(above / name)
            text = tree.read(path).decode("utf-8", "replace") if path in tree.blobs() else ""
            for body in _bodies(text, option):
                yield from _PROMPT.findall(body)


def _definitions(text: str, option: str) -> Iterator[str]:
    """The text of a Kconfig file -> what each definition of an option depends on, in one line."""
    for body in _bodies(text, option):
        conditions = re.findall(r"^[ \t]+depends on[ \t]+(.+)$", body, re.MULTILINE)
        yield ("depends on " + " && ".join(" ".join(one.split()) for one in conditions) if conditions else "no depends")


def _bodies(text: str, option: str) -> Iterator[str]:
    """The text of a Kconfig file -> what stands behind the head of each definition of an option, ahead of its help."""
    for block in re.split(r"^(?=[ \t]*(?:menu)?config[ \t])", text, flags=re.MULTILINE)[1:]:
        head, _, rest = block.partition("\n")
        if head.split()[1:2] == [option]:
            yield _AFTER_CONFIG.split(rest, maxsplit=1)[0]
