"""A git repository and a revision -> KernelTree: every blob of the kernel, read from the object database.

The work tree is never read and never written.  Every git command goes through `programs.run` with a clean environment and
a git dir of our own (`repository.Shadow`), so that nothing which the repository's configuration names is run or read.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType

from cocci_gen import programs
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.object_reader import OID, ObjectReader
from cocci_gen.kernel.repository import Repository, Shadow, find_repository
from cocci_gen.kernel.users import Person, check_owner, identity

#: Blobs per `git cat-file --batch`; 512 kernel files are some 10 MB.
_BATCH = 512
_TIMEOUT = 600.0
#: One line of `git grep -n -z` in a revision.
_HIT = re.compile(r"^[^:]*:(?P<path>[^\0]*)\0(?P<line>\d+)\0(?P<text>.*)$")
#: `..` is in no name of a ref; in the text of `:/text` and `^{/text}` it may be.
_RANGE = re.compile(r"^[^:{]*\.\.")
_WORDS = re.compile(r"\\b\((\w+(?:\|\w+)*)\)\\b")


@dataclass(frozen=True, slots=True)
class Blob:
    """One entry of the tree; `path` holds bytes that are not UTF-8 as surrogates, mode 160000 is a submodule."""

    oid: str
    path: str
    mode: str


@dataclass(frozen=True, slots=True)
class CheckoutState:
    """What a run must leave as it was; two equal states mean that nothing was touched."""

    head: str
    branch: str
    index: str
    status: str


class KernelTree:
    """One revision of a kernel repository; a context manager."""

    #: What is held in memory instead of in the repository (`layers`): object name -> bytes.
    held: Mapping[str, bytes] = MappingProxyType({})

    def __init__(self, repository: Repository, shadow: Shadow, revision: str, commit: str = "", tree: str = "") -> None:
        """Use `KernelTree.open`; this resolves the revision of a repository that has been found."""
        self.root = repository.root
        self.git_dir = repository.git_dir
        self.revision = revision
        self._repository = repository
        self._shadow = shadow
        self._blobs: Mapping[str, Blob] | None = None
        self._reader = ObjectReader(repository, shadow)
        self.commit = commit or self.resolve(revision)
        self.tree = tree or self._tree_of_commit()

    @classmethod
    def open(cls, path: Path, revision: str = "HEAD") -> KernelTree:
        """The top of a repository (bare is fine) and a revision -> KernelTree; KernelTreeError says what is wrong.

        Folders above `path` are not searched: a tarball unpacked in somebody's home repository is no kernel repository.
        """
        repository = find_repository(path)
        check_owner(repository)
        return cls(repository, Shadow(repository), revision)

    def __reduce__(self) -> tuple[object, ...]:
        """For a worker process: the same revision through the same shadow, which stays with this process."""
        return type(self), (self._repository, self._shadow, self.revision, self.commit, self.tree)

    def part(self) -> None:
        """In a process that was forked off: read through a git of its own."""
        self._reader = ObjectReader(self._repository, self._shadow)

    def __enter__(self) -> KernelTree:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._blobs = None
        self._reader.hang_up()
        self._shadow.close()

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
        where = [f"--git-dir={self._shadow.path}"]
        if args[0] == "status":
            where += [] if self._repository.is_bare else [f"--work-tree={self.root}"]
        else:  # without a work tree git reads no .gitmodules, whose faults would be its end
            env_extra = {"GIT_IMPLICIT_WORK_TREE": "0", **(env_extra or {})}
            where += ["-c", f"core.logAllRefUpdates={str(not self._repository.is_bare).lower()}"]
        env = programs.clean_environment(Path("/nonexistent"), **(env_extra or {}))
        return programs.run(["git", *where, *args], cwd=self.root, timeout=timeout, env=env, stdin=stdin)

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
        text = self.text_of(path)
        if text is None:
            raise KernelTreeError(f"there is no file {path} at revision {self.revision} of {self.root}")
        return text

    def text_of(self, path: str) -> bytes | None:
        """A path of the tree -> its bytes, None where the tree has no such file.

        A few files are had without a list of all, which takes as long as all the rest of a scan that is remembered.
        """
        if self._blobs is None and "\n" not in path and posixpath.normpath(path) == path:
            text = self._reader.read_path(self.tree, path)
            if text is not None or not self.git("ls-tree", "-z", "--full-tree", self.tree, "--", path):
                return text
        blob = self.blobs().get(path)
        return None if blob is None or blob.mode == "160000" else self._reader.read((blob.oid,))[0]

    def read_blobs(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Object names -> (name, bytes) in the same order, read in batches, the next one while the caller works."""
        batches = _batches(oids)
        batch, following = next(batches, ()), next(batches, ())
        if not following:  # a thread would cost more than a file
            yield from zip(batch, self._reader.read(batch), strict=True)
            return
        with ThreadPoolExecutor(1, thread_name_prefix="cat-file") as reader:
            ahead = reader.submit(self._reader.read, batch)
            while batch:
                texts = ahead.result()
                ahead = reader.submit(self._reader.read, following)
                yield from zip(batch, texts, strict=True)
                batch, following = following, next(batches, ())

    @property
    def base(self) -> KernelTree:
        """The revision alone, without what is laid over it."""
        return self

    def home(self, path: str) -> str:
        """The folder of the module laid over the tree that a path belongs to; "" for what is the kernel's own."""
        del path  # nothing is laid over it
        return ""

    def grep_over(
        self, below: tuple[tuple[str, int, str], ...], pattern: str, *pathspecs: str
    ) -> tuple[tuple[str, int, str], ...]:
        """What `grep` finds, where it is known what fits in the revision alone: nothing is laid over it here."""
        del pattern, pathspecs
        return below

    def partial(self) -> str:
        """The setting that makes the repository a partial clone, as `key=value`; "" for a complete one."""
        settings = self._repository.settings()
        wanted = (".partialclonefilter", ".promisor", "extensions.partialclone")
        found = {key: value for key, value in settings.items() if key.endswith(wanted) and value.lower() != "false"}
        key = min(found, key=lambda key: (not key.endswith(wanted[0]), key), default="")
        return f"{key}={found[key]}" if key else ""

    def grep(self, pattern: str, *pathspecs: str) -> tuple[tuple[str, int, str], ...]:
        """An extended regular expression and pathspecs -> (path, line, text) of each line that it fits.

        `\\b(one|other)\\b` is looked for as words and not as an expression, which takes an eighth of the time.
        """
        words = _WORDS.fullmatch(pattern)
        how = ["-w", "-F", *(f"-e{word}" for word in words[1].split("|"))] if words else ["-E", "-e", pattern]
        hits = (_HIT.match(row) for row in self._grep("-n", how, pathspecs))
        return tuple((hit["path"], int(hit["line"]), hit["text"]) for hit in hits if hit)

    def naming(self, words: Iterable[str], *pathspecs: str) -> dict[str, frozenset[str]]:
        """Words and pathspecs -> the files in which some of them stand, each with those."""
        listed = sorted(set(words))
        found: dict[str, set[str]] = {}
        for row in self._grep("-o", ["-w", "-F", *(f"-e{word}" for word in listed)], pathspecs) if listed else ():
            place, _, word = row.partition("\0")
            if word:
                found.setdefault(place.partition(":")[2], set()).add(word)
        return {path: frozenset(some) for path, some in found.items()}

    def _grep(self, what: str, how: Sequence[str], pathspecs: Sequence[str]) -> Iterator[str]:
        """The rows of `git grep` in this revision; `what` is the option that says what a row tells behind its path."""
        ended = self.run_git("grep", what, "-z", "-I", "--no-color", *how, self.commit, "--", *pathspecs)
        if not isinstance(ended, programs.Completed) or ended.returncode not in (0, 1):  # 1: nothing fits
            told = programs.describe(ended).replace(str(self._shadow.path), str(self.git_dir))
            raise KernelTreeError(
                f"{told} in {self.root}, as it looked for words; is the repository whole? `git fsck` tells"
            )
        yield from ended.stdout.decode("utf-8", "surrogateescape").split("\n")

    def identity(self) -> Person | None:
        """Who the user says they are, for this repository; None where they have not said it."""
        return identity(self._repository)

    def check_writable(self) -> None:
        """KernelTreeError where no commit could be kept: a read-only disk, a repository of somebody else."""
        if not all(os.access(self._repository.common / name, os.W_OK | os.X_OK) for name in ("objects", "refs")):
            raise KernelTreeError(
                f"{self.root} is read-only, and the commits of a series are kept in their repository; "
                f"`git clone --shared {self.root} COPY`, then `cocci-gen series RUN --kernel COPY`"
            )

    def branch_description(self, branch: str) -> str:
        """What `git branch --edit-description` said of a branch, or ""."""
        return self._repository.settings().get(f"branch.{branch}.description", "")

    def describe_branch(self, branch: str, text: str) -> None:
        """Write the description of a branch into the repository's configuration, which git does not read otherwise."""
        config = str(self._repository.common / "config")
        self.git("config", "--file", config, "--no-includes", f"branch.{branch}.description", text)

    def state(self) -> CheckoutState:
        """HEAD, index (bytes and mtime) and `git status` of the checkout, read without refreshing the index."""
        self._shadow.refresh()
        head = self.run_git("rev-parse", "--verify", "--quiet", "HEAD")
        branch = self.run_git("symbolic-ref", "--quiet", "HEAD")
        status = b""
        if not self._repository.is_bare:
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

    def _tree_of_commit(self) -> str:
        ended = self.run_git("rev-parse", "--verify", f"{self.commit}^{{tree}}")
        if isinstance(ended, programs.Completed) and ended.returncode == 0:
            return ended.stdout.decode().strip()
        if words := self.partial():
            raise KernelTreeError(
                f"{self.root} is a partial clone ({words}): the folders of {self.revision} are not here; "
                f"`git -C {self.root} fetch --refetch --no-filter` brings them, or clone without --filter"
            )
        raise KernelTreeError(f"git cannot read the tree of {self.revision} in {self.root}: {_words(ended)}")

    def resolve(self, revision: str) -> str:
        """A revision as git spells them -> the name of its commit; KernelTreeError where it names none, or several."""
        if _RANGE.search(revision):
            raise KernelTreeError(
                f"{revision!r} is a range of commits; one revision is looked at (`check --since` takes a range)"
            )
        if "@" in revision or "_HEAD" in revision:
            self._shadow.widen()
        # --end-of-options: a revision that looks like an option is still a revision.  In two steps: in `:/text^{commit}` all
        # of it would be the text.
        quiet = () if "@{" in revision else ("--quiet",)  # what git says of these tells more; newer ones are quieter
        named = self.run_git("rev-parse", "--verify", *quiet, "--end-of-options", revision)
        if not isinstance(named, programs.Completed):
            raise KernelTreeError(f"git cannot read {self.root}: {_words(named)}")
        if not OID.fullmatch(_line(named)):
            raise KernelTreeError(self._why_unknown(revision, named))
        ended = self.run_git("rev-parse", "--verify", "--quiet", f"{_line(named)}^{{commit}}")
        if isinstance(ended, programs.Completed) and OID.fullmatch(_line(ended)):
            return _line(ended)
        if isinstance(ended, programs.Completed) and ended.returncode:
            raise KernelTreeError(
                f"{revision!r} names a file or folder of {self.root}; a revision is a commit, a tag or a branch"
            )
        raise KernelTreeError(f"git cannot read {self.root}: {_words(ended)}")

    def _why_unknown(self, revision: str, ended: programs.Completed) -> str:
        """Why git does not know a revision, and the way out."""
        if not ended.stderr.strip():
            if (self._repository.common / "shallow").exists():
                return (
                    f"{self.root} is a shallow clone and has no revision {revision!r}; "
                    f"`git -C {self.root} fetch --depth=1 origin {revision}` may bring it, `fetch --unshallow` all"
                )
            return f"{self.root} has no revision {revision!r}; `git tag` and `git branch` list its names"
        words = _words(ended)
        if "@{" not in revision:
            return f"git cannot read {self.root}: {words}"
        seen = "branch -vv` shows what each branch follows" if "upstream" in words else "reflog` shows what was"
        return f"{revision!r} names no commit in {self.root}: {words.removeprefix('fatal: ')}; `git {seen}"


def _batches(oids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Cut object names into batches for one git each."""
    source = iter(oids)
    while batch := tuple(itertools.islice(source, _BATCH)):
        yield batch


def _words(ended: programs.Ended) -> str:
    """Git's own complaint where it made one, else how it ended."""
    if isinstance(ended, programs.Completed) and ended.stderr.strip():
        return "; ".join(ended.stderr.decode("utf-8", "backslashreplace").strip().splitlines()[:6])
    return programs.describe(ended)


def _line(ended: programs.Ended) -> str:
    """The one line that git printed, or nothing when it failed (an unborn or detached HEAD)."""
    return ended.stdout.decode("utf-8", "surrogateescape").strip() if isinstance(ended, programs.Completed) else ""
