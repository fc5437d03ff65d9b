"""What every test gets: a home, a git configuration and an environment of its own, and kernels to run on."""

import os
import shutil
import socket
import subprocess
import tomllib
from pathlib import Path

import pytest

from cocci_gen.corpus import read_corpus

ROOT = Path(__file__).resolve().parent.parent
#: The environment before it is made hermetic: the kernels of Debian lie in the real cache, shared by all runs.
REAL_ENVIRONMENT = dict(os.environ)
KEPT = ("PATH", "TMPDIR", "COCCI_GEN_NEED", "PYTEST_XDIST_WORKER")
GIT_CONFIG = """\
[user]
	name = Test Person
	email = person@test.example
[init]
	defaultBranch = main
[commit]
	gpgSign = false
"""
COMMIT_ENVIRONMENT = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Test"), ("EMAIL", "test@test.example"), ("DATE", "1700000000 +0000"))
}


@pytest.fixture(scope="session", autouse=True)
def hermetic(tmp_path_factory):
    """Own HOME, git configuration, locale and time zone; nothing of the user's, no network from within Python."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(GIT_CONFIG)
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(kept):
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_ALLOW_PROTOCOL", "file")
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.setenv("TZ", "UTC")
        patch.setattr(socket.socket, "connect", _no_network)
        yield home


def _no_network(_socket, address):
    raise AssertionError(f"a test tried to connect to {address}")


@pytest.fixture(scope="session")
def need():
    """need("spatch") -> its path; without the program the test is skipped, or fails if COCCI_GEN_NEED names it."""

    def find(program):
        path = shutil.which(program)
        if path is None and program.startswith("git-"):
            path = shutil.which(program, path=_git("--exec-path"))
        if path is None and program in REAL_ENVIRONMENT.get("COCCI_GEN_NEED", "").split():
            pytest.fail(f"{program} is not installed, and COCCI_GEN_NEED says that it must be")
        if path is None:
            pytest.skip(f"{program} is not installed")
        return path

    return find


def _git(*args, cwd=ROOT, **environment):
    ended = subprocess.run(
        ["git", *args], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


@pytest.fixture(scope="session")
def make_repository():
    """make_repository(folder, {path: text}) -> folder, a git repository with one commit of fixed identity and date.

    A path of bytes may hold what no character is; paths are added with -f, so that a .gitignore hides nothing.
    """

    def make(folder, files):
        folder.mkdir(parents=True)
        for path, text in files.items():
            target = os.path.join(os.fsencode(folder), os.fsencode(path))  # noqa: PTH118 - pathlib knows no bytes
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - the same
            with open(target, "wb") as file:  # noqa: PTH123 - the same
                file.write(text)
        _git("init", "-q", cwd=folder)
        _git("add", "-f", "-A", cwd=folder)
        _git("commit", "-q", "--allow-empty", "-m", "a small kernel", cwd=folder, **COMMIT_ENVIRONMENT)
        return folder

    return make


@pytest.fixture(scope="session")
def corpus():
    """The corpus of this checkout."""
    return read_corpus(ROOT / "corpus")


@pytest.fixture
def small_kernel(tmp_path, corpus, make_repository):
    """A git repository with the 6.1 kernel of the corpus, all its cases included; free to be changed by the test."""
    return make_repository(tmp_path / "small-kernel", corpus.kernel("6.1"))


@pytest.fixture(scope="session")
def debian_kernel():
    """debian_kernel("6.1") -> the repository with Debian's kernel, which no test may change; a failure without it."""

    def prepare(version):
        script = [ROOT / ".ci/prepare-kernel", version]
        ended = subprocess.run(script, env=REAL_ENVIRONMENT, capture_output=True, text=True, check=False)
        if ended.returncode:
            pytest.fail(f"there is no kernel {version}: {ended.stderr}")
        return Path(ended.stdout.strip())

    return prepare


@pytest.fixture(scope="session")
def locking_facts():
    """locking_facts("v5.8") -> sections, tables and prototypes of that locking.rst as facts with lines (tests/data)."""

    def read(version):
        return tomllib.loads((ROOT / f"tests/data/locking-{version}.toml").read_text(encoding="utf-8"))

    return read


@pytest.fixture(scope="session")
def locking_rst(debian_kernel):
    """locking_rst("6.1") -> the document of Debian's kernel; for "v5.8" that of ../shared/reference, else a skip."""

    def read(version):
        if version == "v5.8":
            path = ROOT.parent / "shared/reference/locking-v5.8.rst"
            if not path.exists():
                pytest.skip(f"{path} is not here; its tables are tested from tests/data")
            return path.read_bytes()
        command = ["git", "show", "HEAD:Documentation/filesystems/locking.rst"]
        return subprocess.run(command, cwd=debian_kernel(version), capture_output=True, check=True).stdout

    return read
