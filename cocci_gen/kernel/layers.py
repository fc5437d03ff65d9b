"""KernelTree x files in memory -> LayeredTree: the same tree in which these files stand, and others are gone.

Nothing is written anywhere: what is laid over a tree has the object names that git would give it, so all that is kept by
object name serves it, and nobody asks git for it.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType, TracebackType

from cocci_gen import programs
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.tree import Blob, CheckoutState, KernelTree
from cocci_gen.kernel.users import Person


def object_name(text: bytes) -> str:
    """The name under which git would keep a file of these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(text) + text, usedforsecurity=False).hexdigest()


class LayeredTree(KernelTree):
    """A tree with `files` (path -> bytes) laid over it and without the paths in `gone`.

    With `folder`, all files lie below it and are a module of its own: names resolve within it first, and the kernel's own
    code never means one of them.
    """

    def __init__(
        self, under: KernelTree, files: Mapping[str, bytes], gone: Collection[str] = (), folder: str = ""
    ) -> None:
        """The tree below, which stays open as long as this one; KernelTreeError for a file outside of `folder`."""
        if folder and (strangers := [path for path in files if not path.startswith(f"{folder}/")]):
            raise KernelTreeError(f"{strangers[0]} does not lie in {folder}")
        self.under = under
        self.root, self.git_dir, self.revision, self.commit = under.root, under.git_dir, under.revision, under.commit
        self.folder = folder
        self._files = {path: Blob(object_name(text), path, "100644") for path, text in files.items()}
        self._gone = frozenset(gone)
        names = {self._files[path].oid: text for path, text in files.items()}
        self.held = MappingProxyType({**under.held, **names})
        self.tree = _digest(under.tree, folder, self._files, self._gone)
        self._all: Mapping[str, Blob] | None = None

    def __enter__(self) -> LayeredTree:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._all = None
        self.under.__exit__(kind, error, trace)

    @property
    def base(self) -> KernelTree:
        """The revision alone, without what is laid over it."""
        return self.under.base

    @property
    def laid(self) -> Collection[str]:
        """The paths of this layer."""
        return self._files.keys()

    def home(self, path: str) -> str:
        """The folder of the module that a path belongs to."""
        return self.folder if self.folder and path.startswith(f"{self.folder}/") else self.under.home(path)

    def git(
        self,
        *args: str,
        stdin: bytes = b"",
        timeout: float = 600.0,
        env_extra: Mapping[str, str] | None = None,
    ) -> bytes:
        """Git in the repository below, which knows nothing of this layer."""
        return self.under.git(*args, stdin=stdin, timeout=timeout, env_extra=env_extra)

    def run_git(
        self,
        *args: str,
        stdin: bytes = b"",
        timeout: float = 600.0,
        env_extra: Mapping[str, str] | None = None,
    ) -> programs.Ended:
        """Git in the repository below, which knows nothing of this layer."""
        return self.under.run_git(*args, stdin=stdin, timeout=timeout, env_extra=env_extra)

    def blobs(self) -> Mapping[str, Blob]:
        """Path -> Blob, the files of this layer in place of those below."""
        if self._all is None:
            below = self.under.blobs()
            kept = {path: blob for path, blob in below.items() if path not in self._gone} if self._gone else below
            self._all = MappingProxyType({**kept, **self._files})
        return self._all

    def read(self, path: str) -> bytes:
        """A path of the tree -> its bytes; KernelTreeError when there is no such file."""
        if path in self._gone and path not in self._files:
            raise KernelTreeError(f"there is no file {path} any more in what is laid over {self.root}")
        return super().read(path)

    def text_of(self, path: str) -> bytes | None:
        """A path of the tree -> its bytes, None where the tree has no such file."""
        if path in self._files:
            return self.held[self._files[path].oid]
        return None if path in self._gone else self.under.text_of(path)

    def read_blobs(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Object names -> (name, bytes) in the same order."""
        for held, names in itertools.groupby(oids, lambda oid: oid in self.held):
            group = tuple(names)
            yield from ((oid, self.held[oid]) for oid in group) if held else self.base.read_blobs(group)

    def grep(self, pattern: str, *pathspecs: str) -> tuple[tuple[str, int, str], ...]:
        """The lines that an extended regular expression fits; it must mean the same to Python's `re`."""
        return self.grep_over(self.base.grep(pattern, *pathspecs), pattern, *pathspecs)

    def grep_over(
        self, below: tuple[tuple[str, int, str], ...], pattern: str, *pathspecs: str
    ) -> tuple[tuple[str, int, str], ...]:
        """The same where it is known what fits in the revision alone."""
        covered = self._gone | self._files.keys()
        found = [hit for hit in self.under.grep_over(below, pattern, *pathspecs) if hit[0] not in covered]
        wanted = re.compile(pattern)
        for path in self._files:
            if pathspecs and not any(fnmatchcase(path, spec) for spec in pathspecs):
                continue
            lines = self.read(path).decode("utf-8", "surrogateescape").split("\n")
            found += [(path, number, line) for number, line in enumerate(lines, 1) if wanted.search(line)]
        return tuple(sorted(found))

    def partial(self) -> str:
        """Whether the repository below is a partial clone."""
        return self.under.partial()

    def identity(self) -> Person | None:
        """Name and address of the user."""
        return self.under.identity()

    def branch_description(self, branch: str) -> str:
        """What the repository below says of a branch."""
        return self.under.branch_description(branch)

    def describe_branch(self, branch: str, text: str) -> None:
        """Write the description of a branch in the repository below."""
        self.under.describe_branch(branch, text)

    def state(self) -> CheckoutState:
        """The state of the checkout below."""
        return self.under.state()


def _digest(below: str, folder: str, files: Mapping[str, Blob], gone: Collection[str]) -> str:
    """What names this tree in caches."""
    words = [below, folder, *(f"{path}\0{files[path].oid}" for path in sorted(files)), "gone", *sorted(gone)]
    return hashlib.sha1("\n".join(words).encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
