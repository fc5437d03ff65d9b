"""A Desk and what is asked for -> the port, with what both kernels say of it, and the mails for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.errors import UsageProblem
from cocci_gen.kernel.modules import open_module
from cocci_gen.port.changes.history import commits_of
from cocci_gen.port.changes.mentions import Met
from cocci_gen.port.checks.asked_by_build import without_asked
from cocci_gen.port.checks.breaches import Room, with_breaches
from cocci_gen.port.checks.compilation import check_texts, counts
from cocci_gen.port.checks.elsewhere import knowledge_for
from cocci_gen.port.checks.new_view import NewView
from cocci_gen.port.checks.uncompiled import compiled_only
from cocci_gen.port.checks.undeclared import undeclared
from cocci_gen.port.checks.unreadable_headers import unreadable_headers
from cocci_gen.port.desk import Desk
from cocci_gen.port.documents.protocols import protocol_changes, rows_of
from cocci_gen.port.edits.own_rules import read_own_rules
from cocci_gen.port.knowledge import Progress, Teaching, read_kernels, types_of
from cocci_gen.port.lessons.examples import ROOTS
from cocci_gen.port.output.addressees import addressee_in_tree, addressee_of_module
from cocci_gen.port.output.report import Port, kept_old
from cocci_gen.port.output.series import PortSeries, port_series
from cocci_gen.port.pipeline import port_code
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.modules import read_module
from cocci_gen.port.texts.trees import Sources, check_differ, check_order, narrowed
from cocci_gen.port.texts.unreadable import unreadable
from cocci_gen.port.texts.versions import guard_version, live_texts
from cocci_gen.port.used import used_by


@dataclass(frozen=True, slots=True)
class Asked:
    """The code: folders of the tree, or (where there are none) the module in a folder out of it; the folder of a person's rules;
    and whether new rules are asked of the result, it is compiled, and each change gets a condition for older kernels."""

    paths: tuple[str, ...]
    module: Path | None
    rules: Path | None = None
    new_rules: bool = True
    build: bool = False
    keep_old: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A port and the code before it."""

    port: Port
    texts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Code:
    """The code, the same with the conditions that are known, and what that rests on in words."""

    sources: Sources
    decided: Mapping[str, bytes]
    notes: tuple[str, ...]

    def texts(self) -> dict[str, bytes]:
        """Its files by path."""
        return dict(self.sources.texts(self.sources.below(["."])))


def met_by(desk: Desk, asked: Asked) -> tuple[Met, ...]:
    """What changed between the kernels for the code, as far as the new one compiles it: nothing else is ported."""
    code = _code(desk, asked)
    kernels = read_kernels(desk.old, desk.new, desk.store)
    texts = live_texts(code.texts(), code.decided, kernels.new.version() or (0, 0, 0))
    return used_by(kernels, read_code(texts.items(), frozenset()), types_of(kernels.old))


def make_port(desk: Desk, asked: Asked, runner: SpatchRunner, progress: Progress) -> Made:
    """The code carried over; UsageProblem or another CocciGenError for what cannot be read."""
    code = _code(desk, asked)
    own = read_own_rules(asked.rules, runner) if asked.rules is not None else ()
    kernels = read_kernels(desk.old, desk.new, desk.store)

    def naming(words: Iterable[str]) -> Mapping[str, frozenset[str]]:
        return desk.trees[0].naming(words, "*.c")

    known = knowledge_for(kernels, Teaching((), ROOTS), code.texts(), naming, desk.store, progress)

    def ported(decided: Mapping[str, bytes]) -> Port:
        return port_code(kernels, known, code.sources, runner, own, progress, decided, take_names=not asked.keep_old)

    port, in_tree = ported(code.decided), asked.module is None
    if asked.module is not None:
        view = NewView(open_module(str(asked.module)), desk.trees, port.ported.texts)
        port = without_asked(compiled_only(port, view, code.texts(), code.decided, ported), view)
        port = _without_strangers(desk, asked.module, port, view)
    cut = unreadable_headers((desk.old, desk.new), (one.evolution for one in port.used), code.texts())
    port = replace(port, remarks=(*port.remarks, *code.notes, *unreadable(code.texts()), *cut, *desk.remarks))
    if asked.new_rules and not desk.to_worktree:
        port = with_breaches(port, desk.trees, Room(runner, desk.cache, desk.jobs), progress, in_tree=in_tree)
    texts = code.texts()
    if asked.build:
        port = replace(port, built=_built(desk, texts, port, in_tree=in_tree))
    if asked.keep_old:
        version = guard_version(desk.old.version() or (0, 0, 0), desk.new.version() or (0, 0, 0))
        port = kept_old(port, texts, version)
    return Made(port, texts)


def _built(desk: Desk, texts: Mapping[str, bytes], port: Port, *, in_tree: bool) -> Mapping[str, object]:
    """What the compiler says before and after; why it was not asked, where it cannot be: the port is worth more than that."""
    try:
        with desk.build_room() as room:
            return counts(check_texts(room, desk.trees[1], texts, port.ported.texts, in_tree=in_tree))
    except UsageProblem as problem:
        return {"not compiled": f"{problem}"}


def mails_of(desk: Desk, asked: Asked, made: Made, checkpatch: Path | None) -> tuple[PortSeries, ...]:
    """The mails for what was ported, looked at by a checkpatch.pl where one is named; none for code with both forms in it."""
    if asked.keep_old or not made.port.ported.applied:
        return ()
    old, new = desk.trees
    to = (
        addressee_in_tree(old, made.texts)
        if asked.module is None
        else addressee_of_module(old, asked.module, made.texts)
    )
    rows = rows_of(protocol_changes(desk.old, desk.new))
    commits: Mapping[str, str] = {}
    if desk.one_repository and not desk.to_worktree:
        done = {one.rule.evolution for one in made.port.ported.applied}
        evolutions = [one.evolution for one in made.port.used if one.evolution.id in done]
        commits = commits_of(old, old.commit, new.commit, evolutions)
    return port_series(made.port, made.texts, to, rows, commits, checkpatch)


def _code(desk: Desk, asked: Asked) -> _Code:
    """The code at hand, read before the headers are, which takes a while: a name that is misspelt is told at once."""
    check_order(desk.old, desk.new)
    if asked.rules is None:
        check_differ(desk.old, desk.new)
    if asked.module is None:
        return _Code(narrowed(desk.new if desk.to_worktree else desk.old, asked.paths), {}, ())
    found = read_module(open_module(str(asked.module)), *desk.trees, desk.new.version() or (0, 0, 0))
    return _Code(found.sources, found.decided, found.notes)


def _without_strangers(desk: Desk, module: Path, port: Port, view: NewView) -> Port:
    """The port of a module with what neither kernel has told; `view` is the new kernel's of what was ported at first."""
    if port.apart:
        view = NewView(open_module(str(module)), desk.trees, port.ported.texts)
    strangers = undeclared(view, (desk.old, desk.new), port.leftovers)
    left = sorted((*port.leftovers, *strangers), key=lambda one: (one.path, one.line, one.evolution))
    return replace(port, leftovers=tuple(left))
