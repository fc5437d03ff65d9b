"""A folder or git repository with a module outside the kernel, and a kernel -> ModuleTree, the module laid over the kernel.

Its files stand below one folder of the kernel that no kernel has; `inside` and `outside` translate between the paths of
the module's repository and those of the tree.  Neither repository is written to, and no file of the module is run.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.layers import LayeredTree, object_name
from cocci_gen.kernel.module_makefiles import BuiltFiles, built_files, is_makefile
from cocci_gen.kernel.repository import need_folder
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person

#: Where a module says who looks after it; the same file holds the verdicts of people.
SETTINGS = "cocci-gen.toml"
#: What names a module that is built by dkms.
_DKMS = "dkms.conf"
_PACKAGE_NAME = re.compile(rb"""(?m)^[ \t]*PACKAGE_NAME=["']?([A-Za-z0-9][\w.+-]*)["']?[ \t]*$""")
#: Where the module's files stand in the tree; always the same, so that fingerprints do not depend on where it was cloned.
_FOLDER = "module"
_MOST_FILES = 100_000
_SOURCES = (".c", ".h", ".S")
#: What decides, when a module is built, which macros its sources see.
_OF_BUILD = (".in", ".ac", ".am", ".m4", ".sh", ".pl", ".py", ".awk", ".cmake", ".conf")
_CONFIGURES = frozenset({"configure", "Kconfig", "CMakeLists.txt", "rules"})
_WORD = re.compile(rb"\b[A-Za-z]\w{2,}")
#: Bytes of a file; larger ones are tables that somebody generated.
_LARGEST = 16_000_000


@dataclass(frozen=True, slots=True)
class NoRepository:
    """The module is a plain folder: no revision, no history, and no patches that `git am` could take."""


@dataclass(frozen=True, slots=True)
class Module:
    """One state of a module: its sources and makefiles by path from the top of its repository (or folder).

    `revision` and `commit` are "" for a plain folder; `subdir` is "" where all of it counts.  `settable` are the names that its
    makefiles, `configure` and what makes these speak of: macros that only a build would decide.
    """

    root: Path
    subdir: str
    revision: str
    commit: str
    repository: KernelTree | NoRepository
    files: Mapping[str, bytes]
    settable: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What the module is called: as its dkms.conf says, else by the name of its folder."""
        said = _PACKAGE_NAME.search(self.files.get(_DKMS, b""))
        return said[1].decode() if said else self.root.name.removesuffix(".git") or "module"

    def settings(self) -> bytes:
        """Its `cocci-gen.toml`, empty where it has none."""
        return self.files.get(SETTINGS, b"")

    def within(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Those of some files that lie in the part that counts."""
        return {path: text for path, text in files.items() if not self.subdir or path.startswith(f"{self.subdir}/")}


#: The kernel, the sources and headers that count of a module, the module, how it is built -> these texts as the kernel's build
#: would see them, line by line, and in words what was decided.
Reading = Callable[[KernelTree, Mapping[str, bytes], Module, BuiltFiles], tuple[Mapping[str, bytes], tuple[str, ...]]]


class ModuleTree(LayeredTree):
    """A kernel with what is built of a module laid over it."""

    def __init__(
        self, kernel: KernelTree, module: Module, reading: Reading = lambda kernel, files, module, built: (files, ())
    ) -> None:
        """KernelTreeError where nothing of the module is C."""
        folder = _FOLDER
        while any(path.startswith(f"{folder}/") for path in kernel.blobs()):
            folder += "_"
        of_kernel = kernel.blobs().keys()
        files = module.within(module.files)
        self.built: BuiltFiles = built_files(files, lambda name: f"include/{name}" in of_kernel)
        if not self.built.sources:
            raise KernelTreeError(f"{module.root / module.subdir} holds no C file: it is no module")
        taken = {path: files[path] for path in (*self.built.sources, *self.built.headers)}
        seen, self.notes = reading(kernel, taken, module, self.built)
        super().__init__(kernel, {f"{folder}/{path}": text for path, text in seen.items()}, folder=folder)
        self.module = module

    def original(self, path: str) -> bytes:
        """A file of the module as its repository has it, by its path in the tree."""
        return self.module.files[self.outside(path)]

    def identity(self) -> Person | None:
        """Name and address of the user where the module lies: its repository may name another one than the kernel's."""
        repository = self.module.repository
        return super().identity() if isinstance(repository, NoRepository) else repository.identity()

    def inside(self, path: str) -> str:
        """A path of the module -> the path of the tree where it stands."""
        return f"{self.folder}/{path}"

    def outside(self, path: str) -> str:
        """A path of the tree -> the path of the module's repository; the kernel's own stay as they are."""
        return path.removeprefix(f"{self.folder}/")


def open_module(place: str, revision: str = "") -> Module:
    """DIR or DIR:SUBDIR and a revision ("": HEAD of a repository, else the files as they lie there) -> Module.

    KernelTreeError says what is wrong; a folder below the top of a repository counts as a plain one.
    """
    folder, subdir = _parted(place)
    need_folder(folder, "--module takes a git repository or a folder, DIR or DIR:SUBDIR")
    if (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir()):
        return module_at(KernelTree.open(folder, revision or "HEAD"), subdir)
    if revision:
        raise KernelTreeError(
            f"{folder} is no git repository, so it has no revision {revision!r}; leave out --module-rev"
        )
    _check_settings(folder, _mode_there(folder / SETTINGS))
    files = dict(_files_of(folder))
    _check_part(folder, subdir, files)
    return _module(folder.resolve(), subdir, ("", ""), NoRepository(), files)


def module_at(repository: KernelTree, subdir: str) -> Module:
    """A revision of the module's repository and the part that counts -> Module; it takes the repository over."""
    wanted = {path: blob for path, blob in repository.blobs().items() if blob.mode.startswith("100") and _is_read(path)}
    _check_settings(repository.root, _mode_in(repository))
    texts = dict(repository.read_blobs(dict.fromkeys(blob.oid for blob in wanted.values())))
    files = {path: texts[blob.oid] for path, blob in wanted.items() if len(texts[blob.oid]) <= _LARGEST}
    _check_part(repository.root, subdir, repository.blobs())
    return _module(repository.root, subdir, (repository.revision, repository.commit), repository, files)


def _module(
    root: Path, subdir: str, state: tuple[str, str], repository: KernelTree | NoRepository, files: Mapping[str, bytes]
) -> Module:
    """What was read, the texts of the build taken for their words alone."""
    kept = {path: text for path, text in files.items() if _is_source(path)}
    speaking = (text for path, text in files.items() if not path.endswith((*_SOURCES, _DKMS)))
    settable = {word for text in speaking for word in _WORD.findall(text)}
    revision, commit = state
    return Module(root, subdir, revision, commit, repository, kept, frozenset(word.decode() for word in settable))


def _parted(place: str) -> tuple[Path, str]:
    """DIR[:SUBDIR]; a folder whose name holds a colon is still a folder."""
    if Path(place).is_dir() or ":" not in place:
        return Path(place), ""
    folder, _, subdir = place.rpartition(":")
    parts = [part for part in subdir.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise KernelTreeError(f"the part {subdir!r} of the module would lie outside of it")
    return Path(folder), "/".join(parts)


def _check_part(root: Path, subdir: str, paths: Mapping[str, object]) -> None:
    if subdir and not any(path.startswith(f"{subdir}/") for path in paths):
        raise KernelTreeError(f"{root} has no folder {subdir}; --module takes DIR:SUBDIR with a folder below DIR")


def _mode_there(path: Path) -> int:
    """What lies at a path, a link as such; 0 for nothing."""
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _mode_in(repository: KernelTree) -> int:
    """The same of the settings in a revision: a folder stands there by what it holds."""
    blob = repository.blobs().get(SETTINGS)
    if blob is not None:
        return int(blob.mode, 8)
    return stat.S_IFDIR if any(path.startswith(f"{SETTINGS}/") for path in repository.blobs()) else 0


def _check_settings(root: Path, mode: int) -> None:
    """KernelTreeError where something else has the name of the settings: verdicts that nobody reads look like none."""
    if mode and not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a symbolic link" if stat.S_ISLNK(mode) else "no file"
        raise KernelTreeError(
            f"{root / SETTINGS} is {what}, where a module says who looks after it and what people have judged; put a file there, "
            f"or take it away"
        )


def _is_source(path: str) -> bool:
    return path.endswith(_SOURCES) or is_makefile(path) or path in (SETTINGS, _DKMS)


def _is_read(path: str) -> bool:
    """Whether a file is a source, or a text that makes the macros of a build."""
    return _is_source(path) or path.endswith(_OF_BUILD) or path.rpartition("/")[2] in _CONFIGURES


def _files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What lies in a plain folder, symbolic links and repositories within it left alone."""
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            path = os.path.relpath(os.path.join(place, name), folder)  # noqa: PTH118 - bytes that are no characters stay
            if not _is_read(path):
                continue
            count += 1
            if count > _MOST_FILES:
                raise KernelTreeError(f"{folder} holds more than {_MOST_FILES} sources; name the module's own folder")
            yield from _file(folder, path)


def _file(folder: Path, path: str) -> Iterator[tuple[str, bytes]]:
    """One file of a folder, unless it is a link, a device or too large."""
    full = folder / path
    try:
        status = full.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST:
            yield path, full.read_bytes()
    except OSError as error:
        raise KernelTreeError(f"{full} cannot be read: {error.strerror}") from error


def state_name(module: Module) -> str:
    """What names the state of a module: its commit, or a digest of its files where it has none."""
    if module.commit:
        return module.commit
    words = [f"{path}\0{object_name(text)}" for path, text in sorted(module.files.items())]
    return hashlib.sha1("\n".join(words).encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
