"""A kernel tree -> a private copy of it in the cache folder, configured once, in which single objects are compiled.

This runs the makefiles, scripts and host programs of that tree, which may do anything: nobody comes here without having
asked for it.  The user's checkout is neither read nor written: the copy is made by `git archive` from the object database.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import filelock

from cocci_gen import programs
from cocci_gen.errors import CocciGenError, StorageError, UsageProblem
from cocci_gen.kernel.kbuild import enabled_in
from cocci_gen.kernel.tree import KernelTree

#: Program -> Debian package.
_PROGRAMS = {"make": "make", "gcc": "gcc", "flex": "flex", "bison": "bison", "bc": "bc", "tar": "tar", "perl": "perl"}
#: Header -> Debian package; objtool and certs/ need them before any object can be made.
_HEADERS = {"gelf.h": "libelf-dev", "openssl/opensslv.h": "libssl-dev"}
#: On top of allmodconfig: warnings stay warnings, and nothing that only makes objects larger.
_SETTINGS = """\
CONFIG_WERROR=n
CONFIG_DEBUG_INFO_NONE=y
CONFIG_DEBUG_INFO=n
CONFIG_GCC_PLUGINS=n
CONFIG_KASAN=n
CONFIG_KCSAN=n
CONFIG_UBSAN=n
CONFIG_KCOV=n
CONFIG_GCOV_KERNEL=n
CONFIG_MODULE_SIG=n
CONFIG_SYSTEM_TRUSTED_KEYS=""
"""
CONFIGURATION = "allmodconfig, " + ", ".join(_SETTINGS.split())
_ARCHIVE_SECONDS = 1200.0
_PREPARE_SECONDS = 3600.0
_OBJECT_SECONDS = 300.0
#: Copies of trees that are kept, 1.5 GB each.
_KEPT = 3
_DIAGNOSTIC = re.compile(r"(\S+?):(?:\d+:)*\s*((?:fatal )?error|warning): (.*)")
_ERROR = re.compile(r"^(\S+?):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$", re.MULTILINE)
_INCLUDED = re.compile(r"(?:In file included|\s+) from (\S+?\.[cS]):\d+")


@dataclass(frozen=True, slots=True)
class Compiled:
    """The object is there; `warnings` without their line numbers."""

    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotCompiled:
    """The object is not there; `reason` is the first complaint."""

    reason: str


class BuildRoom:
    """A private copy of one tree; a context manager that keeps others out and puts every file back."""

    def __init__(self, tree: KernelTree, cache: Path, jobs: int) -> None:
        """Take a room in the cache folder; UsageProblem names what is not installed."""
        check_programs()
        self._tree, self._jobs = tree, jobs
        self._folder = (cache / "builds" / tree.tree[:16]).resolve()
        if re.search(r"[\s:]", str(self._folder)):
            raise UsageProblem(f"make cannot build in {self._folder}, whose name has blanks or colons; choose --cache")
        self._lock = filelock.FileLock(f"{self._folder}.lock")
        self._source = self._folder / "src"
        self._journal = self._folder / "changed.json"
        self.compiler = _first_line(["gcc", "--version"])

    def __enter__(self) -> BuildRoom:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except filelock.Timeout as error:
            raise UsageProblem(f"another build runs in {self._folder}; wait until it has ended") from error
        except OSError as error:
            raise StorageError(f"{self._folder} cannot be made: {error.strerror}") from error
        self._folder.touch()
        self._restore()  # what a killed build left
        self._prune()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._restore()
        finally:
            self._lock.release()

    def enabled(self, arch: str) -> frozenset[str]:
        """An architecture ("" for this machine's) -> the options that are on; its folder is configured when first used."""
        out = self._configured(arch)
        return enabled_in((out / ".config").read_text(errors="replace"))

    def put(self, texts: Mapping[str, bytes]) -> None:
        """Write files into the copy; they are put back at the end, or before the next use should this be killed."""
        try:
            changed = set(self._changed()) | set(texts)
            self._journal.write_text(json.dumps(sorted(changed)))
            for path, text in texts.items():
                place = self._source / path
                place.unlink(missing_ok=True)  # never through a symbolic link
                place.write_bytes(text)
        except OSError as error:
            raise StorageError(f"{self._source} cannot be written: {error.strerror}") from error

    def compile(self, arch: str, paths: Sequence[str]) -> dict[str, Compiled | NotCompiled]:
        """C files -> how the compilation of each went, in one run of make."""
        out = self._configured(arch)
        objects = {path: f"{path.rpartition('.')[0]}.o" for path in paths}
        for name in objects.values():
            (out / name).unlink(missing_ok=True)
        seconds = _OBJECT_SECONDS * (1 + len(paths))
        ended = self._make(arch, out, seconds, "--keep-going", "--output-sync=target", *objects.values())
        if not isinstance(ended, programs.Completed):
            return dict.fromkeys(paths, NotCompiled(programs.describe(ended)))
        said = diagnostics(ended.stderr.decode("utf-8", "replace"), self._source)
        results: dict[str, Compiled | NotCompiled] = {}
        for path, name in objects.items():
            complaints = [*said.get(path, ()), *said.get(name, ())]
            if (out / name).is_file():
                results[path] = Compiled(tuple(text for text in complaints if "warning: " in text))
            else:
                errors = [text for text in complaints if "error: " in text]
                results[path] = NotCompiled(errors[0] if errors else _last_words(ended))
        return results

    def commands(self, arch: str, paths: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """C files of the tree -> the words of the compiler's command line for each, as its makefiles make them; none where they
        make no object of it.  Found with empty files in their places, which costs next to nothing."""
        out = self._configured(arch)
        self.put(dict.fromkeys(paths, b""))
        self.compile(arch, paths)
        self._restore()
        found = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            try:
                text = (out / folder / f".{name.rpartition('.')[0]}.o.cmd").read_text(errors="replace")
            except OSError:
                continue
            line = next((line for line in text.splitlines() if line.startswith(("cmd_", "savedcmd_"))), "")
            words = shlex.split(line.partition(":=")[2].partition(" ; ")[0])
            if "-c" in words:
                found[path] = tuple(words)
        return found

    def check(self, arch: str, command: Sequence[str], source: Path) -> tuple[str, ...]:
        """A command line of `commands` and a file in place of its own -> the errors in it, `LINE: text` each, without end."""
        out = self._configured(arch)
        words = [word for word in command[: command.index("-c")] if not word.startswith("-Wp,-MM")]
        # Not -w: it takes the warnings away that the kernel makes errors of (undeclared functions, other pointers).
        argv = [*words, "-fsyntax-only", "-fmax-errors=0", "-fno-diagnostics-show-caret", str(source)]
        ended = programs.run(argv, cwd=out, timeout=_OBJECT_SECONDS)
        if not isinstance(ended, programs.Completed):
            return (programs.describe(ended),)
        errors = _ERROR.findall(ended.stderr.decode("utf-8", "replace"))
        return tuple(dict.fromkeys(f"{Path(path).name}:{line}: {text}" for path, line, text in errors))

    def _configured(self, arch: str) -> Path:
        """The output folder of an architecture, with a configuration and all that is made before the first object."""
        self._export()
        key = hashlib.sha256(f"{_SETTINGS}\0{self.compiler}".encode()).hexdigest()[:8]
        out = self._folder / f"{arch or 'host'}-{key}"
        if (out / "ready").is_file():
            return out
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        (self._folder / "settings").write_text(_SETTINGS)
        for goal in ("allmodconfig", "prepare"):
            ended = self._make(arch, out, _PREPARE_SECONDS, goal)
            if not isinstance(ended, programs.Completed) or ended.returncode:
                raise CocciGenError(
                    f"`make {goal}` of the tree fails{f' for ARCH={arch}' if arch else ''}: {_last_words(ended)}"
                )
        (out / "ready").touch()
        return out

    def _export(self) -> None:
        """The copy of the tree, made once."""
        done = self._folder / "exported"
        if done.is_file():
            return
        shutil.rmtree(self._source, ignore_errors=True)
        try:
            self._source.mkdir(parents=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".tar") as archive:
                words = ("-c", "core.attributesFile=/dev/null", "archive", "--format=tar", f"--output={archive.name}")
                self._tree.git(*words, self._tree.commit, timeout=_ARCHIVE_SECONDS)
                argv = ["tar", "-x", "-f", archive.name, "--no-same-owner", "-C", str(self._source)]
                ended = programs.run(argv, cwd=self._folder, timeout=_ARCHIVE_SECONDS)
        except OSError as error:
            raise StorageError(f"{self._folder} cannot be written: {error.strerror}") from error
        if not isinstance(ended, programs.Completed) or ended.returncode:
            raise StorageError(f"the tree cannot be unpacked into {self._source}: {programs.describe(ended)}")
        self._journal.unlink(missing_ok=True)
        done.touch()

    def _make(self, arch: str, out: Path, seconds: float, *goals: str) -> programs.Ended:
        """Run the kernel's make with a home of its own."""
        home = self._folder / "home"
        home.mkdir(exist_ok=True)
        environment = programs.clean_environment(
            home,
            LC_ALL="C",
            KCONFIG_ALLCONFIG=str(self._folder / "settings"),
            KBUILD_BUILD_USER="cocci-gen",
            KBUILD_BUILD_HOST="localhost",
            KBUILD_BUILD_TIMESTAMP="1970-01-01",
            TMPDIR=str(home),
        )
        words = ["make", f"-j{self._jobs}", f"O={out}", *([f"ARCH={arch}"] if arch else []), *goals]
        return programs.run(words, cwd=self._source, timeout=seconds, env=environment)

    def _changed(self) -> list[str]:
        """The files that were put into the copy and are still there."""
        try:
            return [str(path) for path in json.loads(self._journal.read_text())]
        except (FileNotFoundError, ValueError):
            return []

    def _restore(self) -> None:
        """Put every changed file back."""
        changed = [path for path in self._changed() if path in self._tree.blobs()]
        for path in changed:
            (self._source / path).write_bytes(self._tree.read(path))
        self._journal.unlink(missing_ok=True)

    def _prune(self) -> None:
        """Remove the copies that were not used for longest."""
        rooms = sorted(
            (room for room in self._folder.parent.iterdir() if room.is_dir()), key=lambda room: room.stat().st_mtime
        )
        for room in rooms[:-_KEPT]:
            lock = filelock.FileLock(f"{room}.lock")
            try:
                with lock.acquire(timeout=0):
                    shutil.rmtree(room, ignore_errors=True)
            except filelock.Timeout:
                continue


def check_programs() -> None:
    """UsageProblem with the Debian packages of what a kernel build needs and is not installed."""
    missing = {package for program, package in _PROGRAMS.items() if shutil.which(program) is None}
    if "gcc" not in missing:
        for header, package in _HEADERS.items():
            argv = ["gcc", "-E", "-xc", "-o", "/dev/null", "-"]
            ended = programs.run(argv, cwd=Path("/"), timeout=60, stdin=f"#include <{header}>\n".encode())
            if getattr(ended, "returncode", 1):
                missing.add(package)
    if missing:
        raise UsageProblem(
            f"--build needs what Debian packages as {' '.join(sorted(missing))}: "
            f"sudo apt-get install {' '.join(sorted(missing))}"
        )


def diagnostics(stderr: str, source: Path) -> dict[str, list[str]]:
    """What gcc and objtool said -> by C (or object) file, each complaint as `FILE: warning: TEXT`, without line numbers."""
    found: dict[str, list[str]] = defaultdict(list)
    unit = ""
    for line in stderr.splitlines():
        if included := _INCLUDED.match(line):
            unit = _relative(included[1], source)
        elif complaint := _DIAGNOSTIC.match(line):
            path = _relative(complaint[1], source)
            owner = path if path.endswith((".c", ".S", ".o")) else unit or path
            found[owner].append(f"{path}: {complaint[2]}: {complaint[3]}")
    return found


def new_warnings(before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
    """Warnings without and with a patch -> those that are new or more than before."""
    return tuple((Counter(after) - Counter(before)).elements())


def _relative(path: str, source: Path) -> str:
    """A path as gcc prints it -> the path in the tree."""
    return path.removeprefix(f"{source}/").removeprefix("../src/").removeprefix("./")


def _first_line(argv: Sequence[str]) -> str:
    ended = programs.run(argv, cwd=Path("/"), timeout=60)
    lines = getattr(ended, "stdout", b"").decode("utf-8", "replace").splitlines()
    return " ".join(lines[0].split()) if lines else ""


def _last_words(ended: programs.Ended) -> str:
    """What make said that matters."""
    if not isinstance(ended, programs.Completed):
        return programs.describe(ended)
    lines = [line for line in ended.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    telling = [line for line in lines if "error: " in line or "***" in line or "No rule" in line]
    return (telling or lines or [f"make ended with status {ended.returncode}"])[0].strip()
