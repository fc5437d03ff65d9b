"""What the user asks for, rules and paths, against what a tree has: a typo is one clear answer, never a clean run."""

from __future__ import annotations

import difflib
import fnmatch
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cocci_gen.document.obligations import Obligation
from cocci_gen.errors import CocciGenError
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.working import working_kinds

#: Names that are offered where one is not known.
_NEAREST = 5


class NothingToScan(CocciGenError):
    """The tree, the rules or the options leave nothing to do."""


def chosen_obligations(every: Sequence[Obligation], rules: Sequence[str]) -> tuple[Obligation, ...]:
    """The obligations that have a rule and match one of the globs; NothingToScan when a glob matches nothing."""
    kinds = working_kinds()
    working = [obligation for obligation in every if obligation.kind in kinds]
    if not rules:
        return tuple(working)
    for rule in rules:
        if not any(_matches(obligation, rule) for obligation in working):
            raise NothingToScan(_unknown(rule, every, working))
    return matching(working, rules)


def matching(every: Iterable[Obligation], rules: Sequence[str]) -> tuple[Obligation, ...]:
    """The obligations that match one of the globs; all of them where there is no glob."""
    return tuple(one for one in every if not rules or any(_matches(one, rule) for rule in rules))


def _matches(obligation: Obligation, rule: str) -> bool:
    return (
        fnmatch.fnmatchcase(obligation.id, rule)
        or fnmatch.fnmatchcase(obligation.short, rule)
        or obligation.kind == rule
    )


def _unknown(rule: str, every: Iterable[Obligation], working: Sequence[Obligation]) -> str:
    """What is said of a glob that matches nothing: the nearest names, or what is meant instead."""
    head = f"--rule {rule!r} matches no obligation that has a rule in this tree"
    if "/" in rule:
        return f"{head}; that looks like a path: --path {rule}"
    if any(_matches(one, rule) for one in every):
        return f"{head}: what it asks for is read from the document, but nothing here can examine it"
    near = _near(rule, working)
    offer = f"; did you mean {' or '.join(near)}?" if near else ""
    kinds = ", ".join(sorted({one.kind for one in working}))
    return f"{head}{offer} Kinds are {kinds}; `cocci-gen obligations` lists every id".replace(
        "tree Kinds", "tree. Kinds"
    )


def _near(rule: str, working: Sequence[Obligation]) -> list[str]:
    """The nearest globs and ids to what was typed: whole ids, short ones, methods, kinds."""
    method, dot, kind = rule.rpartition(".")
    names = [one.id for one in working] + [one.short for one in working] + [one.kind for one in working]
    names += [f"{one.method}.*" for one in working] + [f"*.{one.kind}" for one in working]
    names += [f"{one.method}.{kind}" for one in working if dot and one.kind == kind]
    if method in ("", "*"):
        names += [one.kind for one in working]
    return difflib.get_close_matches(rule, sorted(set(names)), _NEAREST, 0.7)


def is_below(path: str, roots: Iterable[str]) -> bool:
    """Whether a file is one of some paths, or lies below one."""
    return any(path == root.rstrip("/") or path.startswith(f"{root.rstrip('/')}/") for root in roots)


def plain_paths(root: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Paths as people type them (`./fs/x`, `fs/x/`, absolute ones) -> paths of the tree; () where one means all of it.

    NothingToScan for a path outside of the tree.
    """
    found = tuple(_plain(root, path) for path in paths)
    return () if "." in found else found


def _plain(root: Path, path: str) -> str:
    whole = path
    if posixpath.isabs(path):
        top = str(root.resolve())
        near = posixpath.normpath(path)
        if near != top and not near.startswith(f"{top}/"):
            near = str(Path(path).resolve())
        whole = posixpath.relpath(near, top)
    plain = posixpath.normpath(whole)
    if plain == ".." or plain.startswith("../"):
        raise NothingToScan(f"--path {path!r} lies outside of {root}; paths are those of the tree, like fs/ext4")
    return plain


def check_paths(tree: KernelTree, paths: Iterable[str]) -> None:
    """NothingToScan when the tree has nothing at one of the paths: a typo must not look like a clean run."""
    for path in paths:
        if not has_path(tree, path):
            offer = nearest_paths(tree.blobs(), path)
            raise NothingToScan(
                f"--path {path!r}: there is no such file or folder at {tree.revision} of {tree.root}{offer}"
            )


def has_path(tree: KernelTree, path: str) -> bool:
    """Whether a tree has a file or folder."""
    root = path.rstrip("/")
    return root in tree.blobs() or any(name.startswith(f"{root}/") for name in tree.blobs())


def nearest_paths(paths: Iterable[str], wanted: str) -> str:
    """What somebody may have meant by a path that is none of these, as the end of a sentence: what ends in it, where that is
    few (the folders above it were left out), else what is spelt nearly so."""
    root = wanted.rstrip("/")
    known = tuple(paths)
    near = sorted(set(_ending_in(known, root)))
    if not 0 < len(near) <= _NEAREST:
        near = difflib.get_close_matches(root, sorted(set(_as_deep(known, root))), _NEAREST, 0.7)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _ending_in(paths: Iterable[str], wanted: str) -> Iterator[str]:
    """The files and folders whose last parts are those of a path."""
    for path in paths:
        before, found, _ = f"/{path}/".partition(f"/{wanted}/")
        if found:
            yield f"{before}/{wanted}".lstrip("/")


def _as_deep(paths: Iterable[str], like: str) -> Iterator[str]:
    """The files and folders that are as deep as a path."""
    depth = like.count("/") + 1
    for path in paths:
        parts = path.split("/")
        if len(parts) >= depth:
            yield "/".join(parts[:depth])
