"""A git repository and a revision -> KernelTree: every blob of the kernel, read from the object database.

The work tree is never read and never written.  GitPython opens the repository and reads its configuration; every git
command goes through `programs.run` with a clean environment, because GitPython hands on the caller's.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING

from cocci_gen import programs
from cocci_gen.errors import KernelTreeError

if TYPE_CHECKING:
    import git

#: Blobs per `git cat-file --batch`; 512 kernel files are some 10 MB.
_BATCH = 512
_TIMEOUT = 600.0
#: Settings of the repository that would run programs or write.
_HARDENED = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.untrackedCache=false")


@dataclass(frozen=True, slots=True)
class Blob:
    """One entry of the tree; `path` holds bytes that are not UTF-8 as surrogates, mode 160000 is a submodule."""

    oid: str
    path: str
    mode: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who the user says they are, from the git configuration."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class CheckoutState:
    """What a run must leave as it was; two equal states mean that nothing was touched."""

    head: str
    branch: str
    index: str
    status: str


class KernelTree:
    """One revision of a kernel repository; a context manager."""

    def __init__(self, root: Path, git_dir: Path, revision: str, options: tuple[str, ...]) -> None:
        """Use `KernelTree.open`; this resolves the revision of a repository that has been opened."""
        self.root = root
        self.git_dir = git_dir
        self.revision = revision
        self._options = (*_HARDENED, *options)
        self._blobs: Mapping[str, Blob] | None = None
        self._check_owner()
        self.commit = self._resolve(revision)
        self.tree = self.git("rev-parse", "--verify", f"{self.commit}^{{tree}}").decode().strip()

    @classmethod
    def open(cls, path: Path, revision: str = "HEAD") -> KernelTree:
        """The top of a repository (bare is fine) and a revision -> KernelTree; KernelTreeError says what is wrong.

        Folders above `path` are not searched: a tarball unpacked in somebody's home repository is no kernel repository.
        """
        with _opened(path) as repository:
            root = Path(repository.working_tree_dir or repository.git_dir).resolve()
            git_dir = Path(repository.git_dir).resolve()
            options = tuple(word for folder in _trusted(repository) for word in ("-c", f"safe.directory={folder}"))
        return cls(root, git_dir, revision, options)

    def __enter__(self) -> KernelTree:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._blobs = None

    def git(
        self,
        *args: str,
        stdin: bytes = b"",
        timeout: float = _TIMEOUT,
        env_extra: Mapping[str, str] | None = None,
    ) -> bytes:
        """Arguments of git -> its stdout; KernelTreeError with git's own words when it fails."""
        ended = self.run_git(*args, stdin=stdin, timeout=timeout, env_extra=env_extra)
        if isinstance(ended, programs.Completed) and ended.returncode == 0:
            return ended.stdout
        raise KernelTreeError(f"git {args[0]} failed in {self.root}: {_words(ended)}")

    def run_git(
        self,
        *args: str,
        stdin: bytes = b"",
        timeout: float = _TIMEOUT,
        env_extra: Mapping[str, str] | None = None,
    ) -> programs.Ended:
        """Arguments of git -> how it ended, for commands whose failure is an answer (`apply --check`)."""
        # --git-dir, not discovery: what was opened is what is read, whatever lies above or below.
        where = [f"--git-dir={self.git_dir}"]
        if self.root != self.git_dir:
            where.append(f"--work-tree={self.root}")
        argv = ["git", *where, *self._options, *args]
        env = programs.clean_environment(Path("/nonexistent"), **(env_extra or {}))
        return programs.run(argv, cwd=self.root, timeout=timeout, env=env, stdin=stdin)

    def blobs(self) -> Mapping[str, Blob]:
        """Path -> Blob for the whole tree, from one `git ls-tree -r -z`: `<mode> <type> <oid>TAB<path>NUL`."""
        if self._blobs is None:
            listing = self.git("ls-tree", "-r", "-z", "--full-tree", self.commit)
            blobs = {}
            for entry in listing.decode("utf-8", "surrogateescape").split("\0"):
                facts, tab, path = entry.partition("\t")
                if tab:
                    mode, _, oid = facts.split(" ")
                    blobs[path] = Blob(oid, path, mode)
            self._blobs = MappingProxyType(blobs)
        return self._blobs

    def read(self, path: str) -> bytes:
        """A path of the tree -> its bytes at this revision; KernelTreeError when there is no such file."""
        blob = self.blobs().get(path)
        if blob is None or blob.mode == "160000":
            raise KernelTreeError(f"there is no file {path} at revision {self.revision} of {self.root}")
        return self.git("cat-file", "blob", blob.oid)

    def read_blobs(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Object names -> (name, bytes) in the same order, read in batches, the next one while the caller works."""
        batches = _batches(oids)
        with ThreadPoolExecutor(1, thread_name_prefix="cat-file") as reader:
            batch = next(batches, ())
            ahead = reader.submit(self._read_batch, batch)
            while batch:
                texts, following = ahead.result(), next(batches, ())
                ahead = reader.submit(self._read_batch, following)
                yield from zip(batch, texts, strict=True)
                batch = following

    def identity(self) -> Person | None:
        """Name and address of the user from the repository's and the user's git configuration; None where not set."""
        with _opened(self.git_dir) as repository, repository.config_reader() as config:
            name = " ".join(str(config.get_value("user", "name", "")).split())
            email = "".join(str(config.get_value("user", "email", "")).split())
        return Person(name, email) if name and email else None

    def state(self) -> CheckoutState:
        """HEAD, index (bytes and mtime) and `git status` of the checkout, read without refreshing the index."""
        head = self.run_git("rev-parse", "--verify", "--quiet", "HEAD")
        branch = self.run_git("symbolic-ref", "--quiet", "HEAD")
        status = b""
        if self.root != self.git_dir:
            status = self.git("status", "--porcelain=v2", "-z", "--untracked-files=normal", "--ignore-submodules=all")
        return CheckoutState(_line(head), _line(branch), self._index(), hashlib.sha256(status).hexdigest())

    def _index(self) -> str:
        try:
            text = (self.git_dir / "index").read_bytes()
            changed = (self.git_dir / "index").stat().st_mtime_ns
        except FileNotFoundError:
            return "none"
        except OSError as error:
            raise KernelTreeError(f"cannot read the index of {self.root}: {error.strerror}") from error
        return f"{hashlib.sha256(text).hexdigest()} {changed}"

    def _check_owner(self) -> None:
        # Git checks whether a repository is the user's own only when it finds it by itself, not with --git-dir.
        argv = ["git", *self._options, "rev-parse", "--git-dir"]
        ended = programs.run(argv, cwd=self.root, timeout=_TIMEOUT)
        if not isinstance(ended, programs.Completed) or ended.returncode:
            raise KernelTreeError(f"git does not open {self.root}: {_words(ended)}")

    def _resolve(self, revision: str) -> str:
        # --end-of-options: a revision that looks like an option is still a revision.
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        ended = self.run_git(*words)
        if isinstance(ended, programs.Completed):
            if ended.returncode == 0:
                return ended.stdout.decode().strip()
            if not ended.stderr.strip():
                raise KernelTreeError(
                    f"{self.root} has no revision {revision!r}; `git tag` and `git branch` list its names"
                )
        raise KernelTreeError(f"git cannot read {self.root}: {_words(ended)}")

    def _read_batch(self, oids: tuple[str, ...]) -> list[bytes]:
        """Object names -> their bytes; the answer is `<oid> blob <size>LF<bytes>LF` each, or `<oid> missing`."""
        if not oids:
            return []
        output = self.git("cat-file", "--batch", stdin="\n".join((*oids, "")).encode())
        texts, at = [], 0
        for oid in oids:
            end = output.find(b"\n", at)
            answer = output[at:end].split(b" ") if end >= 0 else []
            if len(answer) != 3 or answer[0] != oid.encode() or answer[1] != b"blob":
                raise KernelTreeError(
                    f"{self.root} lacks the blob {oid}: a partial clone? `git fetch --refetch --no-filter` completes it"
                )
            at = end + 1 + int(answer[2])
            texts.append(output[end + 1 : at])
            at += 1
        return texts


def _batches(oids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Cut object names into batches for one git each."""
    source = iter(oids)
    while batch := tuple(itertools.islice(source, _BATCH)):
        yield batch


def _opened(path: Path) -> git.Repo:
    """A folder -> GitPython's repository; to be used with `with`, which closes it."""
    import git  # 0.13 s, so not before it is needed

    try:
        return git.Repo(path, expand_vars=False)
    except git.NoSuchPathError as error:
        raise KernelTreeError(
            f"there is no folder {path}; --kernel takes the top folder of a kernel git repository"
        ) from error
    except git.InvalidGitRepositoryError as error:
        raise KernelTreeError(
            f"{path} is not the top of a git repository; clone one, or make one of an unpacked kernel with "
            f"`git init && git add -f -A && git commit`"
        ) from error


def _trusted(repository: git.Repo) -> tuple[str, ...]:
    """What the user has put into `safe.directory`: git's own protection stays, and so does the user's way out of it."""
    folders: list[str] = []
    for level in ("system", "global"):
        with repository.config_reader(level) as config:
            if config.has_option("safe", "directory"):
                folders += (str(folder) for folder in config.get_values("safe", "directory"))
    return tuple(folders)


def _words(ended: programs.Ended) -> str:
    """Git's own complaint where it made one, else how it ended."""
    if isinstance(ended, programs.Completed) and ended.stderr.strip():
        return "; ".join(ended.stderr.decode("utf-8", "backslashreplace").strip().splitlines()[:6])
    return programs.describe(ended)


def _line(ended: programs.Ended) -> str:
    """The one line that git printed, or nothing when it failed (an unborn or detached HEAD)."""
    return ended.stdout.decode("utf-8", "surrogateescape").strip() if isinstance(ended, programs.Completed) else ""
