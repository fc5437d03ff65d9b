"""A module out of the tree and both kernels -> ModuleCode, what the kernel's build takes of it and which branches are compiled.

`#ifdef HAVE_IOPS_CREATE_USERNS` is decided by a script of the module that compiles small programs, and no such script is run
here.  What the kernel itself tells decides instead (`facts/branches/configuration`): where a branch fits the new kernel
already, it is that one; else the one that the old kernel compiles, which is the one to carry over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cocci_gen.code.texts.conditionals import Conditionals, names_in
from cocci_gen.code.texts.directives import version_code
from cocci_gen.errors import UsageProblem
from cocci_gen.facts.branches.configuration import Configured, configured
from cocci_gen.kernel.module_makefiles import BuiltFiles, built_files
from cocci_gen.kernel.module_settings import read_settings
from cocci_gen.kernel.modules import Module
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.texts.trees import Sources, of_texts


@dataclass(frozen=True, slots=True)
class ModuleCode:
    """The C files and headers that the kernel's build takes, the same with `1` and `0` for the conditions that are known, the
    names that this rests on (defined or not), and in words what was left out."""

    sources: Sources
    decided: Mapping[str, bytes]
    names: Mapping[str, bool]
    notes: tuple[str, ...]


def read_module(module: Module, old: KernelTree, new: KernelTree, version: tuple[int, int, int]) -> ModuleCode:
    """A module, both kernels and the version of the new one -> its code; UsageProblem where nothing of it is C."""
    headers = old.blobs().keys() | new.blobs().keys()
    files = module.within(module.files)
    built = built_files(files, lambda name: f"include/{name}" in headers)
    if not built.sources:
        raise UsageProblem(
            f"{module.root / module.subdir} holds no C file; --module takes the folder of a module's sources"
        )
    taken = {path: files[path] for path in (*built.sources, *built.headers)}
    others = [text for path, text in module.files.items() if path not in taken and path.endswith((".c", ".h"))]
    code = version_code(*version)
    fresh = configured(new, taken, built, module.settable, others)
    former = configured(old, taken, built, module.settable, others, version=code)
    ready = _ready(former.learned, fresh)
    ready |= _left_behind(ready, former.learned, fresh.learned, taken.values())
    found = configured(old, taken, built, module.settable, others, ready, code)
    sources = of_texts(read_settings(module).name, taken)
    return ModuleCode(sources, found.texts, found.learned, _notes(built, found.learned))


def without_version(name: str) -> str:
    """The name of a folder without the version that packages put behind it, for subjects: `zfs-2.1.11` -> `zfs`."""
    return re.split(r"[-_]v?\d", name)[0] or name


def _ready(former: Mapping[str, bool], fresh: Configured) -> dict[str, bool]:
    """What the old and the new kernel tell of names -> those that stand for code for the new one: it fits there, or it cannot be
    compiled with the old one and nothing speaks against it in the new one, no method's head either."""
    names = {name for name, defined in fresh.learned.items() if defined}
    unknown = {name for name, defined in former.items() if not defined and name not in fresh.learned}
    names |= unknown - fresh.unfit
    return dict.fromkeys(sorted(names), True)


def _left_behind(
    ready: Mapping[str, bool], former: Mapping[str, bool], fresh: Mapping[str, bool], texts: Iterable[bytes]
) -> dict[str, bool]:
    """The names that the new kernel does not have and that conditionals ask for beside one that is code for it alone: whichever
    way stands first there, the one for the new kernel is its way."""
    later = {name for name in ready if not former.get(name)}
    old = {name for name, defined in fresh.items() if not defined}
    found: dict[str, bool] = {}
    for text in texts:
        if any(name.encode() in text for name in later) and any(name.encode() in text for name in old):
            for group in Conditionals(text).groups:
                asked = {name for branch in group.branches for name in names_in(branch.condition)}
                found |= dict.fromkeys(asked & old if asked & later else (), False)
    return found


def _notes(built: BuiltFiles, names: Mapping[str, bool]) -> tuple[str, ...]:
    """For a person: what is left out, and the macros of the module's own that count as defined or not."""
    notes = list(built.notes)
    for words, wanted in (("defined", True), ("not defined", False)):
        some = [name for name, defined in sorted(names.items()) if defined is wanted]
        if some:
            notes.append(f"taken as {words}, as the code tells: {', '.join(some)}")
    return tuple(notes)
