"""A folder -> Repository: where the objects, refs and settings of a kernel lie, found without running anything of it.

The configuration of a repository may name programs (filters, textconv, hooks, fsmonitor, gpg, ssh, aliases, ...) and files
to read (`include.path`, `diff.orderFile`), and each git has more of them.  So no git of ours ever sees that configuration:
`Shadow` is a git dir of our own, with links to the objects and refs of the repository and a configuration of five lines.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cocci_gen import programs, temporary
from cocci_gen.errors import KernelTreeError, StorageError

#: A configuration, a HEAD or a .git file that is larger is no such thing.
_LARGEST = 1 << 20
#: What git reads whole as soon as it opens a repository; a FIFO or a device in its place would hold it for ever.
_PLAIN = ("HEAD", "index", "shallow", "commondir")
_PLAIN_COMMON = ("config", "packed-refs", "shallow", "objects/info/alternates", "objects/info/commit-graph")
#: What a shadow shows of the repository: of the work tree at hand, and of all its work trees.
_LINKS = ("index",)
_LINKS_COMMON = ("objects", "refs", "packed-refs", "shallow", "reftable")
#: What git keeps beside HEAD for a while, and revisions may name.
_MOMENTARY = ("FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "BISECT_HEAD")
#: The settings that say which branch of which remote a branch follows.
_FOLLOWING = re.compile(
    r"(branch|remote)\.(.+)\.(remote|merge|pushremote|fetch|push)|(remote|push)\.()(pushdefault|default)", re.S
)
#: Bytes of a log of HEAD that are looked at; that of ten years has a few million.
_LARGEST_LOG = 64 << 20
_WORD = re.compile(r"[A-Za-z0-9_-]{1,40}")
#: How objects and refs are kept; every other extension changes what configuration is read, or fetches.
_FORMATS = ("objectformat", "refstorage", "compatobjectformat", "preciousobjects", "noop")


@dataclass(frozen=True, slots=True)
class Repository:
    """`root` is the work tree, or the git dir of a bare one; `common` holds what linked work trees share."""

    root: Path
    git_dir: Path
    common: Path

    @property
    def is_bare(self) -> bool:
        """Whether there is no work tree."""
        return self.root == self.git_dir

    def settings(self) -> Mapping[str, str]:
        """The repository's own configuration as `section.sub.key` -> value, the last one said."""
        return dict(self.entries())

    def entries(self) -> tuple[tuple[str, str], ...]:
        """All that the repository's own configuration says; no file that it includes is read and nothing that it names is
        run."""
        _check_plain(self)
        text = _head_of(self.common / "config") if (self.common / "config").exists() else b""
        words = ("git", "config", "--file", "-", "--no-includes", "--null", "--list")
        env = programs.clean_environment(Path("/nonexistent"), GIT_DIR="/nonexistent")
        ended = programs.run(words, cwd=Path("/"), timeout=20.0, env=env, stdin=text or b"\n")
        if not isinstance(ended, programs.Completed) or ended.returncode:
            raise KernelTreeError(f"git cannot read {self.common / 'config'}: {programs.describe(ended)}")
        entries = ended.stdout.decode("utf-8", "surrogateescape").split("\0")
        return tuple((key, value) for key, _, value in (entry.partition("\n") for entry in entries if entry))

    def owners(self) -> Iterator[Path]:
        """The places whose owner decides what is in the repository."""
        yield from {path.resolve(): path for path in (self.root, self.root / ".git", self.git_dir) if path.exists()}


def need_folder(path: Path, wanted: str) -> None:
    """A path from the command line -> nothing; KernelTreeError when it is no folder, with what the option takes."""
    if not path.is_dir():
        said = f"{path} is a file" if path.exists() else f"there is no folder {path}"
        raise KernelTreeError(f"{said}; {wanted}")


def find_repository(path: Path) -> Repository:
    """The top of a work tree, a linked one too, or a bare repository -> where its parts lie; KernelTreeError otherwise.

    Folders above `path` are not searched: a tarball unpacked in somebody's home repository is no kernel repository.
    """
    need_folder(path, "--kernel takes the top folder of a kernel git repository")
    root = path.resolve()
    dot = root / ".git"
    if dot.is_dir():
        git_dir = dot.resolve()
    elif dot.exists():
        git_dir = _pointed_to(dot)
    else:
        git_dir = root
    common = git_dir
    if (git_dir / "commondir").exists():
        common = (git_dir / _line_of(git_dir / "commondir")).resolve()
    if not ((git_dir / "HEAD").exists() and (common / "objects").is_dir() and (common / "refs").is_dir()):
        above = next((folder for folder in root.parents if (folder / ".git").exists()), None)
        inside = f"name that, {above}, if you mean it, " if above else ""
        raise KernelTreeError(
            f"{path} is not the top of a git repository; {inside}clone one, or make one of an unpacked kernel with "
            f"`git init && git add -f -A && git commit`"
        )
    found = Repository(root, git_dir, common)
    _check_plain(found)
    return found


class Shadow:
    """A git dir of ours that shows the objects and refs of a repository, without its configuration, hooks and attributes.

    What git writes (objects, refs, a lock of them) goes through the links to where it belongs; what else it leaves behind
    (a report of its own crash) goes with the shadow.
    """

    def __init__(self, repository: Repository, lent: Path | None = None) -> None:
        """Make it in the temporary folder; it goes with this object, or with the process.  `lent` is one of another process."""
        self._repository = repository
        self._remove: weakref.finalize[[Path, int], Shadow] | None = None
        if lent is not None:
            self.path = lent
            return
        temporary.sweep()  # here, for all verbs that read a tree come by
        try:
            self.path = Path(tempfile.mkdtemp(prefix=temporary.prefix("git"))).resolve()
            self._remove = weakref.finalize(self, _remove_own, self.path, os.getpid())
            (self.path / "config").write_text(self._configuration())
            (self.path / "logs").mkdir()
            for name in _LINKS_COMMON:
                if name != "reftable" or (repository.common / name).exists():
                    (self.path / name).symlink_to(repository.common / name)
            for name in _LINKS:
                (self.path / name).symlink_to(repository.git_dir / name)
            (self.path / "logs/refs").symlink_to(repository.common / "logs/refs")
            (self.path / "logs/HEAD").symlink_to(repository.git_dir / "logs/HEAD")
            self.refresh()
        except OSError as error:
            raise StorageError(
                f"cannot write to {tempfile.gettempdir()}: {error.strerror}; set TMPDIR to another folder"
            ) from error

    def __reduce__(self) -> tuple[object, ...]:
        """For a worker process: the same folder, not its own."""
        return Shadow, (self._repository, self.path)

    def close(self) -> None:
        """Remove it; a worker process has nothing to remove."""
        if self._remove is not None:
            self._remove()

    def refresh(self) -> None:
        """Take over what is copied and not linked: HEAD (git believes in no linked one) and the parts of a split index."""
        head = self._repository.git_dir / "HEAD"
        text = f"ref: {head.readlink()}\n".encode() if head.is_symlink() else _head_of(head)
        (self.path / "HEAD").write_bytes(text)
        for part in self._repository.git_dir.glob("sharedindex.*"):
            if not (self.path / part.name).is_symlink():
                (self.path / part.name).symlink_to(part)

    def widen(self) -> None:
        """Take over what only some spellings of a revision need: HEAD@{1}, @{upstream}, FETCH_HEAD and their like.

        Names of branches and remotes are all that is said of them: there is no address to fetch from.
        """
        for name in _MOMENTARY:
            if (self._repository.git_dir / name).exists():
                (self.path / name).write_bytes(_head_of(self._repository.git_dir / name))
        log = self._repository.git_dir / "logs/HEAD"
        if log.exists() and (self.path / "logs/HEAD").is_symlink():  # git looks into no log that is a link
            text = _head_of(log, _LARGEST_LOG)
            (self.path / "logs/HEAD").unlink()
            (self.path / "logs/HEAD").write_bytes(text)
        lines = []
        for key, value in self._repository.entries():
            if found := _FOLLOWING.fullmatch(key):
                first, second = found.groups("")[:3], found.groups("")[3:]
                lines.append(_setting(first if found[1] else second, value))
        with (self.path / "config").open("w", encoding="utf-8", errors="surrogateescape") as config:
            config.write(self._configuration() + "".join(lines))

    def _configuration(self) -> str:
        """How objects and refs are kept there, in words that can mean nothing else; the limits keep git's maps small."""
        settings = self._repository.settings()
        version = "1" if settings.get("core.repositoryformatversion", "0") == "1" else "0"
        lines = [
            "[core]",
            f"\trepositoryformatversion = {version}",
            f"\tbare = {str(self._repository.is_bare).lower()}",
        ]
        lines += [
            "\tpackedGitWindowSize = 64m",
            "\tpackedGitLimit = 1g",
            "\tuntrackedCache = false",
            "\tfsmonitor = false",
        ]
        lines += [
            f"\thooksPath = {os.devnull}",
            "[gc]",
            "\tauto = 0",
            "[maintenance]",
            "\tauto = false",
            "[extensions]",
        ]
        formats = {name: settings.get(f"extensions.{name}", "") for name in _FORMATS}
        lines += [f"\t{name} = {value}" for name, value in formats.items() if _WORD.fullmatch(value)]
        return "\n".join((*lines, ""))


def _remove_own(folder: Path, owner: int) -> None:
    """Remove a folder, but not from within a process that was forked off its owner."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _pointed_to(dot: Path) -> Path:
    """The git dir that a .git file names."""
    words = _line_of(dot)
    if not words.startswith("gitdir: "):
        raise KernelTreeError(f"{dot} is neither a git dir nor the name of one")
    return (dot.parent / words.removeprefix("gitdir: ")).resolve()


def _line_of(path: Path) -> str:
    return os.fsdecode(_head_of(path)).rstrip("\r\n")


def _setting(words: tuple[str, ...], value: str) -> str:
    """One setting in git's own form; whatever stands in a name or a value stays inside its quotes."""
    section, subsection, key = words
    inner = subsection.replace("\\", "\\\\").replace('"', '\\"')
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'[{section} "{inner}"]\n\t{key} = "{quoted}"\n' if inner else f'[{section}]\n\t{key} = "{quoted}"\n'


def _head_of(path: Path, largest: int = _LARGEST) -> bytes:
    """A small plain file; KernelTreeError for a FIFO, a device, or a file that is too large to be what it should be."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - pathlib opens without O_NONBLOCK, and a FIFO would hold us
            _refuse_odd(path, os.fstat(descriptor).st_mode)
            text = file.read(largest + 1)
    except OSError as error:
        raise KernelTreeError(f"cannot read {path}: {error.strerror}") from error
    if len(text) > largest:
        raise KernelTreeError(f"{path} is larger than {largest} bytes; that is no git repository of a kernel")
    return text


def _check_plain(repository: Repository) -> None:
    """KernelTreeError where git would wait for a FIFO or read a device without end."""
    places = [repository.git_dir / name for name in _PLAIN] + [repository.common / name for name in _PLAIN_COMMON]
    for path in places:
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            continue
        except OSError as error:
            raise KernelTreeError(f"cannot read {path}: {error.strerror}") from error
        _refuse_odd(path, mode)


def _refuse_odd(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise KernelTreeError(f"{path} is no plain file; a repository with such a thing in it is not opened")
