"""A revision of a kernel, a work tree or texts at hand -> Sources, the texts of its files by path."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cocci_gen.errors import KernelTreeError, UsageProblem
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.worktree import read_work_tree

_VERSION = re.compile(rb"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)[ \t]*=[ \t]*(\S*)[ \t]*$", re.MULTILINE)
#: The word that stands for the work tree in place of a revision.
WORKTREE = "WORKTREE"


@dataclass(frozen=True, slots=True)
class Sources:
    """Files by path; equal `oids` mean equal texts, in whatever Sources they stand.

    `identity` is one word for all of them together, for cache keys.
    """

    name: str
    identity: str
    oids: Mapping[str, str]
    fetch: Callable[[Iterable[str]], Iterator[tuple[str, bytes]]]

    def texts(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Paths of these Sources -> (path, text) in the same order."""
        return self.fetch(paths)

    def read(self, path: str) -> bytes:
        """One text; KernelTreeError where there is no such file."""
        if path not in self.oids:
            raise KernelTreeError(f"there is no file {path} in {self.name}")
        return next(iter(self.fetch([path])))[1]

    def below(self, roots: Iterable[str], suffixes: tuple[str, ...] = (".c", ".h")) -> tuple[str, ...]:
        """The paths below folders (or files that are named themselves) with one of these endings, sorted."""
        wanted = tuple(root.strip("/") for root in roots)
        folders = tuple(f"{root}/" for root in wanted if root not in ("", "."))
        every = any(root in ("", ".") for root in wanted)
        return tuple(
            sorted(
                path
                for path in self.oids
                if path.endswith(suffixes) and (every or path.startswith(folders) or path in wanted)
            )
        )

    def version(self) -> tuple[int, int, int] | None:
        """The version that the Makefile of a kernel states; None where it states none."""
        if "Makefile" not in self.oids:
            return None
        words = dict(_VERSION.findall(self.read("Makefile")))
        numbers = [words.get(key, b"") for key in (b"VERSION", b"PATCHLEVEL", b"SUBLEVEL")]
        if not numbers[0].isdigit() or not numbers[1].isdigit():
            return None
        major, minor, small = (int(number) if number.isdigit() else 0 for number in numbers)
        return major, minor, small


def of_revision(tree: KernelTree) -> Sources:
    """One revision of a repository."""
    blobs = {path: blob.oid for path, blob in tree.blobs().items() if blob.mode.startswith("100")}

    def fetch(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        listed = list(paths)
        texts = tree.read_blobs(blobs[path] for path in listed)
        return ((path, text) for path, (_, text) in zip(listed, texts, strict=True))

    return Sources(f"{tree.root.name} {tree.revision}", tree.tree, blobs, fetch)


def of_worktree(tree: KernelTree) -> Sources:
    """HEAD with the files of the checkout that differ from it, or are new and not ignored; nothing is written."""
    if tree.root == tree.git_dir:
        raise UsageProblem(f"{tree.root} is a bare repository and has no work tree; name a revision")
    work = read_work_tree(tree)
    base = of_revision(tree)
    kept = {path: oid for path, oid in base.oids.items() if path not in work.gone}
    laid = laid_over(Sources(base.name, base.identity, kept, base.fetch), f"{tree.root.name} {WORKTREE}", work.files)
    return replace(laid, identity=f"{laid.identity} {' '.join(sorted(work.gone))}") if work.gone else laid


def of_texts(name: str, texts: Mapping[str, bytes]) -> Sources:
    """Texts at hand."""
    oids = {path: _blob_id(text) for path, text in texts.items()}
    digest = hashlib.sha256("\0".join(f"{path} {oids[path]}" for path in sorted(oids)).encode("utf-8", "replace"))

    def fetch(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((path, texts[path]) for path in paths)

    return Sources(name, digest.hexdigest(), oids, fetch)


def laid_over(base: Sources, name: str, texts: Mapping[str, bytes]) -> Sources:
    """Some Sources with files in place of theirs, or beside them."""
    oids = {**base.oids, **{path: _blob_id(text) for path, text in texts.items()}}

    def fetch(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        listed = list(paths)
        theirs = dict(base.fetch([path for path in listed if path not in texts]))
        return ((path, texts[path] if path in texts else theirs[path]) for path in listed)

    digest = hashlib.sha256("\0".join(f"{path} {oids[path]}" for path in sorted(texts)).encode("utf-8", "replace"))
    return Sources(name, f"{base.identity}+{digest.hexdigest()}", oids, fetch)


def narrowed(sources: Sources, roots: Iterable[str]) -> Sources:
    """The C files below some folders; UsageProblem names a folder without any."""
    listed = tuple(roots)
    for root in listed:
        if not sources.below([root]):
            raise UsageProblem(f"{sources.name} has no C file below {root}; --path takes a folder or file of that tree")
    kept = {path: sources.oids[path] for path in sources.below(listed)}
    return Sources(f"{sources.name}: {' '.join(listed)}", f"{sources.identity} {listed}", kept, sources.fetch)


def check_order(old: Sources, new: Sources) -> None:
    """UsageProblem where the second kernel is older than the first, or one of them is no kernel."""
    versions = []
    for sources in (old, new):
        if not sources.below(["include"]):
            raise UsageProblem(
                f"{sources.name} has no include/ folder, so it is no kernel; --kernel takes a kernel tree"
            )
        versions.append(sources.version())
    first, second = versions
    if first is not None and second is not None and second < first:
        raise UsageProblem(
            f"{old.name} is Linux {_dotted(first)} and {new.name} is Linux {_dotted(second)}, which is older: "
            f"exchange --from and --to"
        )


def check_differ(old: Sources, new: Sources) -> None:
    """UsageProblem where both kernels are the same to the byte: --from and --to are HEAD unless one says otherwise."""
    if old.oids == new.oids:
        raise UsageProblem(f"{old.name} and {new.name} are the same to the byte: name two revisions by --from and --to")


def titles_of(old: Sources, new: Sources) -> tuple[str, str]:
    """Two kernels -> what other people call them, by the versions that they state (`Linux 7.3`, for 7.3.4 as well); their names
    where they state none or the same."""
    versions = old.version(), new.version()
    if versions[0] is None or versions[1] is None or versions[0] == versions[1]:
        return old.name, new.name
    parts = 2 if versions[0][:2] != versions[1][:2] else 3
    first, second = (".".join(str(number) for number in version[:parts]) for version in versions if version)
    return f"Linux {first}", f"Linux {second}"


def _dotted(version: tuple[int, int, int]) -> str:
    return ".".join(str(number) for number in version)


def _blob_id(text: bytes) -> str:
    """The name that git gives to this text, so that texts of folders and of repositories can be compared."""
    return hashlib.sha1(b"blob %d\0" % len(text) + text, usedforsecurity=False).hexdigest()
