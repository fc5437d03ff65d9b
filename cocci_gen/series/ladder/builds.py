"""SectionPlan -> the same with the word of the compiler: the top rung of the ladder, on request only.

The objects of the changed files are compiled without and with each patch, on top of those before it in its series.  What
the configuration of this machine leaves out is tried for user-mode Linux, where its Kconfig file lies below arch/um.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from cocci_gen.kernel.kbuild import NoObject, depends_on, needs_of
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.ladder.build_room import CONFIGURATION, BuildRoom, Compiled, NotCompiled, new_warnings
from cocci_gen.series.ladder.rungs import NotPassed, NotRun, Passed, Result, Rung
from cocci_gen.series.plans import PatchPlan, SectionPlan

Progress = Callable[[str, int, int], None]
_UM = "um"


class Builder:
    """Compiles what the sections of a run change; called with sections, it gives them back with results."""

    def __init__(
        self, tree: KernelTree, cache: Path, jobs: int, progress: Progress = lambda stage, done, total: None
    ) -> None:
        """Nothing is made before the first call; the copy of the tree goes below `cache`."""
        self._tree, self._cache, self._jobs, self._progress = tree, cache, jobs, progress
        self._places: dict[str, str | NotRun] = {}
        self.compiler = ""
        self.configuration = CONFIGURATION

    def __call__(self, sections: Sequence[SectionPlan]) -> tuple[SectionPlan, ...]:
        """Sections -> the same, every patch with its result."""
        if not any(section.patches for section in sections):
            return tuple(sections)
        with BuildRoom(self._tree, self._cache, self._jobs) as room:
            self.compiler = f"{room.compiler}, {platform.machine()}"
            every = sorted({file.path for section in sections for plan in section.patches for file in plan.files})
            self._progress("configure", 0, 1)
            for path in every:
                if path not in self._places:
                    self._places[path] = self._place(room, path)
            self._progress("configure", 1, 1)
            return self._climbed(room, sections, [path for path in every if isinstance(self._places[path], str)])

    def _climbed(
        self, room: BuildRoom, sections: Sequence[SectionPlan], paths: Sequence[str]
    ) -> tuple[SectionPlan, ...]:
        """Round by round, the next patch of every section at a time, so that make is started seldom."""
        rounds = max(len(section.patches) for section in sections)
        self._progress("compile", 0, rounds + 1)
        states = dict(self._compiled(room, paths))
        made: list[list[PatchPlan]] = [[] for _ in sections]
        for number in range(rounds):
            self._progress("compile", number + 1, rounds + 1)
            plans = [(place, one.patches[number]) for place, one in enumerate(sections) if number < len(one.patches)]
            if paths:
                room.put({file.path: file.after for _, plan in plans for file in plan.files})
            touched = {file.path for _, plan in plans for file in plan.files} & set(paths)
            after = self._compiled(room, sorted(touched))
            for place, plan in plans:
                made[place].append(replace(plan, built=self._result(plan, states, after)))
            states |= after
        self._progress("compile", rounds + 1, rounds + 1)
        return tuple(replace(section, patches=tuple(patches)) for section, patches in zip(sections, made, strict=True))

    def _compiled(self, room: BuildRoom, paths: Iterable[str]) -> dict[str, Compiled | NotCompiled]:
        """Files -> how their compilation went, each for its architecture."""
        results: dict[str, Compiled | NotCompiled] = {}
        for arch in ("", _UM):
            if mine := [path for path in paths if self._places[path] == arch]:
                results |= room.compile(arch, mine)
        return results

    def _result(
        self,
        plan: PatchPlan,
        before: dict[str, Compiled | NotCompiled],
        after: dict[str, Compiled | NotCompiled],
    ) -> Result:
        """What the compiler said of the files of one patch, together."""
        reasons, problems = [], []
        for path in (file.path for file in plan.files):
            place = self._places[path]
            if isinstance(place, NotRun):
                reasons.append(place.reason)
                continue
            old, new = before[path], after[path]
            if isinstance(old, NotCompiled):
                reasons.append(f"not built: {path} does not compile without the patch either ({old.reason})")
            elif isinstance(new, NotCompiled):
                problems.append(f"{path} does not compile: {new.reason}")
            else:
                problems += new_warnings(old.warnings, new.warnings)
        if problems:
            return NotPassed(Rung.BUILDS, _shown("; ".join(problems)))
        return NotRun(Rung.BUILDS, _shown("; ".join(reasons))) if reasons else Passed(Rung.BUILDS)

    def _place(self, room: BuildRoom, path: str) -> str | NotRun:
        """A file -> the architecture for which it can be compiled here, or why there is none."""
        needs = needs_of(self._tree, path)
        if isinstance(needs, NoObject):
            return NotRun(Rung.BUILDS, f"not built: {needs.reason}")
        parts = path.split("/")
        foreign = parts[1] if parts[0] == "arch" and len(parts) > 2 else ""
        if foreign not in ("", _UM, "x86" if platform.machine() in ("x86_64", "i686") else platform.machine()):
            return NotRun(Rung.BUILDS, f"not built: {path} is code for {foreign}, which needs a cross compiler")
        if foreign != _UM:
            missing = needs.missing(room.enabled(""))
            if not missing:
                return ""
            defined = {one: depends_on(self._tree, one) for one in missing}
            if not any(where.startswith("arch/um/") for places in defined.values() for where in places):
                return NotRun(Rung.BUILDS, _why_not(missing[0], defined[missing[0]]))
        missing = needs.missing(room.enabled(_UM))
        return NotRun(Rung.BUILDS, _why_not(missing[0], depends_on(self._tree, missing[0]))) if missing else _UM


def _why_not(option: str, defined: Sequence[str]) -> str:
    """An option that allmodconfig leaves off, and what its Kconfig files say."""
    if not defined:
        return f"not built: no Kconfig file of this tree defines CONFIG_{option}"
    words = "; ".join(defined)
    return _shown(f"not built: allmodconfig leaves CONFIG_{option} off ({words})")


def _shown(text: str) -> str:
    """Words of compilers and trees in one line without control characters."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:600]
