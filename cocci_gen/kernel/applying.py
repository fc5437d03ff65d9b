"""A patch series on a revision -> the files that it changes, patch by patch; nothing of the user's is written.

`git apply` works on an index and an object database of our own, in a temporary folder that borrows the objects of the
repository.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cocci_gen import programs, temporary
from cocci_gen.kernel.binary_parts import is_bare
from cocci_gen.kernel.patches import Patch, PatchSeries, called
from cocci_gen.kernel.tree import KernelTree


@dataclass(frozen=True, slots=True)
class Applied:
    """What the tree holds after some patches and does not hold before: path -> bytes, and the paths that are gone."""

    files: Mapping[str, bytes]
    gone: frozenset[str]


@dataclass(frozen=True, slots=True)
class NotApplied:
    """The first patch that does not apply: why, as a sentence that names it, and what it and those behind it are called."""

    reason: str
    left: tuple[str, ...]


def apply_patches(
    tree: KernelTree, series: PatchSeries, name: str, option: str = "--rev"
) -> Iterator[Applied | NotApplied]:
    """A revision and the patches of the file `name`, each on top of the one before -> what differs from the revision after each;
    NotApplied ends it, and names the option that chooses the revision."""
    base = tree.base
    with tempfile.TemporaryDirectory(prefix=temporary.prefix("patches")) as folder:
        home = Path(folder)
        (home / "objects").mkdir()
        objects = base.git("rev-parse", "--git-path", "objects").decode().strip()
        environment = {
            "GIT_INDEX_FILE": str(home / "index"),
            "GIT_OBJECT_DIRECTORY": str(home / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str((base.root / objects).resolve()),
        }
        base.git("read-tree", base.commit, env_extra=environment)
        texts = dict[str, bytes]()
        for index, patch in enumerate(series.patches, 1):
            reason = patch.broken(name)
            reason = (
                f"cannot be applied, its mail is damaged: {reason}; take it from the list's archive"
                if reason
                else _apply(base, patch, environment, option)
            )
            if reason:
                left = [series.place(one, at) for at, one in enumerate(series.patches, 1)][index - 1 :]
                yield NotApplied(f"{called(series, patch, index)} of {name} {reason}", tuple(left))
                return
            yield _applied(base, environment, texts)


def _apply(base: KernelTree, patch: Patch, environment: Mapping[str, str], option: str) -> str:
    """Apply one patch; why that does not go, as the end of a sentence, and the way out, or "" where it went."""
    if not patch.diff.strip():
        return ""
    words = ("apply", "--cached", "--whitespace=nowarn", *(("-p0",) if is_bare(patch.diff) else ()), "-")

    def goes(*more: str) -> programs.Ended:
        return base.run_git(*words, *more, stdin=patch.diff, env_extra=environment)

    ended = goes()
    if _well(ended):
        return ""
    where = f"{base.revision} of {base.root}"
    if _well(goes("--check", "--reverse")):
        return f"is in {where} already; name the commit before it with {option}"
    if _well(goes("--check", "--ignore-whitespace")):
        return (
            f"applies to {where} only without regard to white space: a mail program has changed its tabs or spaces; "
            f"take it from the list's archive"
        )
    return f"does not apply to {where}: {_words(ended)}; name the commit that it was made for with {option}"


def _well(ended: programs.Ended) -> bool:
    return isinstance(ended, programs.Completed) and not ended.returncode


def _applied(base: KernelTree, environment: Mapping[str, str], texts: dict[str, bytes]) -> Applied:
    """The index of ours against the base; `texts` are those that earlier patches had, by object name."""
    words = ("diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", base.commit)
    entries = base.git(*words, env_extra=environment).decode("utf-8", "surrogateescape").split("\0")
    files, gone = dict[str, bytes](), set[str]()
    for facts, path in zip(entries[::2], entries[1::2], strict=False):
        _, mode, _, oid, _ = facts.lstrip(":").split(" ")
        if mode == "000000":
            gone.add(path)
        elif mode.startswith("100"):
            if oid not in texts:
                texts[oid] = base.git("cat-file", "blob", oid, env_extra=environment)
            files[path] = texts[oid]
    return Applied(files, frozenset(gone))


def _words(ended: programs.Ended) -> str:
    if isinstance(ended, programs.Completed) and ended.stderr.strip():
        return "; ".join(ended.stderr.decode("utf-8", "backslashreplace").strip().splitlines()[:3])
    return programs.describe(ended)
