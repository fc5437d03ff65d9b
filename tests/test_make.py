"""The scripts behind the Makefile: on a bare machine they install what they need, elsewhere they say what that is."""

import os
import shutil
import subprocess
import tomllib

import pytest

from cocci_gen.kernel.tree import KernelTree

SYSTEM = (
    "bash",
    "dirname",
    "sort",
    "id",
    "cat",
    "mktemp",
    "rm",
    "git",
    "flock",
    "mkdir",
    "awk",
    "tar",
    "xz",
    "chmod",
)


@pytest.fixture
def machine(tmp_path):
    """A PATH with the programs of a bare system, to which a test adds its own apt-get and the like."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in SYSTEM:
        where = shutil.which(name)
        if where:
            (folder / name).symlink_to(where)
        else:  # no test unpacks anything, and xz comes with the kernel's package
            program(folder, name, "exit 1")
    disk(folder, 100)
    return folder


def disk(machine, free):
    """Give a machine a disk with that many GiB free: what this one has left decides no test."""
    program(machine, "df", f"echo 'Filesystem 1024-blocks Used Available'; echo '/dev/x 1 1 {free << 20}'")


def program(machine, name, text):
    """Put a shell script on the PATH of a machine."""
    (machine / name).unlink(missing_ok=True)
    (machine / name).write_text(f"#!{machine}/bash\n{text}\n")
    (machine / name).chmod(0o755)


def run(machine, root, *argv, **environment):
    """Run a script of .ci/ on that machine."""
    environment = {"PATH": str(machine), "HOME": str(machine.parent), **environment}
    argv = [str(machine / "bash"), str(root / ".ci" / argv[0]), *argv[1:]]
    return subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def root(pytestconfig):
    """The checkout."""
    return pytestconfig.rootpath


def test_without_apt_the_packages_are_named(machine, root):
    """Whoever is not on Debian must know what to install, and make must stop there."""
    ended = run(machine, root, "need", "spatch=coccinelle", "git=git")

    assert 1 == ended.returncode
    assert "coccinelle" in ended.stderr
    assert "no apt here" in ended.stderr


def test_without_root_the_command_is_named(machine, root):
    """The line that is printed is the one to paste."""
    program(machine, "apt-get", "exit 0")
    program(machine, "id", "echo 1000")
    ended = run(machine, root, "need", "spatch=coccinelle", "nosuch=nosuch-package", "git=git")

    assert 1 == ended.returncode
    assert "    sudo apt-get update && sudo apt-get install coccinelle nosuch-package\n" in ended.stderr


def test_nothing_is_said_where_nothing_is_missing(machine, root):
    """`make -s kernel-6.1` must print one line and no more."""
    ended = run(machine, root, "need", "git=git", f"{machine}/ba*=bash")

    assert (0, "", "") == (ended.returncode, ended.stdout, ended.stderr)


def test_old_package_lists_are_renewed_once(machine, root):
    """On a bare machine there are no lists at all: the first install fails, and the second finds the package."""
    state = machine.parent / "updated"
    install = f"[ -e {state} ] && ln -s {machine}/bash {machine}/spatch"
    program(machine, "id", "echo 0")
    program(machine, "apt-get", f'case "$*" in *update*) : >{state} ;; *) {install} ;; esac')
    (machine / "ln").symlink_to(shutil.which("ln"))
    ended = run(machine, root, "need", "spatch=coccinelle")

    assert (0, "installing with apt: coccinelle\n") == (ended.returncode, ended.stderr)


def test_apt_that_fails_is_heard(machine, root):
    """apt's own words are the only clue to a full disk or a missing network."""
    program(machine, "id", "echo 0")
    program(machine, "apt-get", "echo E: no space left; exit 100")
    ended = run(machine, root, "need", "spatch=coccinelle")

    assert 1 == ended.returncode
    assert "E: no space left" in ended.stderr
    assert "apt could not install coccinelle" in ended.stderr


def test_a_kernel_that_apt_has_not_is_no_traceback(machine, root):
    """The demo falls back on this exit code, and the reader learns of KERNEL=."""
    program(machine, "apt-get", "echo E: Unable to locate package; exit 100")
    program(machine, "dpkg-deb", "exit 1")
    ended = run(machine, root, "prepare-kernel", "6.1")

    assert (1, "") == (ended.returncode, ended.stdout)
    assert "E: Unable to locate package" in ended.stderr
    assert "make demo KERNEL=/path/to/linux" in ended.stderr


def test_a_kernel_that_is_ready_is_one_line(machine, root):
    """Scripts take the path with $(make -s kernel-6.1)."""
    repository = ready_kernel(machine, judged_release(root))
    ended = run(machine, root, "prepare-kernel", "6.1")

    assert (0, f"{repository}\n", "") == (ended.returncode, ended.stdout, ended.stderr)


def ready_kernel(machine, release):
    """A kernel in the cache of a machine, as it was prepared when `release` was wanted."""
    repository = machine.parent / ".cache/cocci-gen/kernels/linux-6.1"
    (repository / ".git").mkdir(parents=True)
    (repository / ".git/cocci-gen-ready").write_text(f"{release}\n")
    return repository


def judged_release(root):
    """The release of Debian's 6.1 that the verdicts are about."""
    return tomllib.loads((root / "corpus/linux-6.1.toml").read_text())["release"]


#: An apt whose archive has a package in some suite only; what it is asked goes to a log, and what it downloads is a file.
#: Unless it is told otherwise, it finds linux-source-6.12 where it is asked for linux-source-6.1 and has none.
APT = """\
suite=own APT_CONFIG=${{APT_CONFIG:-}}
sources=${{APT_CONFIG%/*}}/only.sources
[ -z "$APT_CONFIG" ] || while read -r key value; do [ "$key" != Suites: ] || suite=$value; done <"$sources"
echo "$suite: $*" >>{log}
case "$*" in
*indextargets*) echo "Debian|Debian|http://archive.example/debian/"; echo "Other|Other|http://other.example/" ;;
*update*) ;;
*download*) case "$*" in *Pattern-Only=true*) ;; *) : >"${{@: -1}}2_1_all.deb"; exit 0 ;; esac
  case "$suite: ${{@: -1}}" in {has}) : >"${{@: -1}}_1_all.deb" ;; *) echo "E: not in $suite"; exit 100 ;; esac ;;
esac"""
DOWNLOAD = "-q -o APT::Cmd::Pattern-Only=true download"


@pytest.fixture
def archive(machine):
    """archive("sid: package") -> the log of an apt that has the package in that suite."""

    def make(has):
        log = machine.parent / "asked"
        program(machine, "apt-get", APT.format(log=log, has=f'"{has}"'))
        program(machine, "apt-config", "echo 'Acquire::Retries \"3\";'; echo 'APT::Update::Post-Invoke:: \"exit 7\";'")
        return log

    return make


def test_the_release_that_was_judged_is_asked_for(machine, root, archive):
    """Debian's next point release has other findings: every test of the verdicts would fail for reasons of its own."""
    log = archive("nowhere: x")
    program(machine, "dpkg-deb", "exit 1")
    run(machine, root, "prepare-kernel", "6.1")
    exact = f"linux-source-6.1={judged_release(root)}"
    asked = [line for line in log.read_text().splitlines() if "indextargets" not in line]

    assert [f"own: {DOWNLOAD} {exact}", "own: -q update", f"own: {DOWNLOAD} {exact}"] == asked[:3]
    downloads = [line.split()[0] for line in asked if line.endswith(exact)]
    assert ["own:", "own:", "bookworm:", "trixie:", "trixie-backports:", "sid:", "bullseye:"] == downloads
    anything = [line.split()[0] for line in asked if line.endswith(" linux-source-6.1")]
    assert ["own:", "bookworm:", "trixie:", "trixie-backports:", "sid:", "bullseye:"] == anything


def test_a_package_of_another_suite_changes_nothing_on_the_machine(machine, root, archive, tmp_path, monkeypatch):
    """The machine's own sources and lists stay as they are: apt reads the other suite through a configuration of its own."""
    log = archive("trixie-backports: linux-source-9.9")
    monkeypatch.chdir(tmp_path)
    ended = run(machine, root, "apt-fetch", "linux-source-9.9", TMPDIR=str(tmp_path))

    assert (0, ["linux-source-9.9_1_all.deb"]) == (ended.returncode, [one.name for one in tmp_path.glob("*.deb")])
    assert "other.example" not in log.read_text()
    assert [] == list(tmp_path.glob("tmp.*"))


def test_a_package_of_the_own_suite_asks_no_other(machine, root, archive, tmp_path, monkeypatch):
    """Other suites are megabytes of lists."""
    log = archive("own: zfs-dkms=2")
    monkeypatch.chdir(tmp_path)
    run(machine, root, "apt-fetch", "zfs-dkms", "2")

    assert [f"own: {DOWNLOAD} zfs-dkms=2"] == log.read_text().splitlines()


@pytest.mark.parametrize("name", ["../x", "zfs dkms", "-o", "$(id)"])
def test_a_module_has_the_name_of_a_package(machine, root, name):
    """The name becomes a folder and an argument of apt."""
    ended = run(machine, root, "prepare-module", name)

    assert (1, True) == (ended.returncode, "no name of a Debian package" in ended.stderr)


def test_a_full_disk_is_told_before_anything_is_fetched(machine, root, archive):
    """A kernel that does not fit fails after minutes, in the middle of an import, with words of tar."""
    log = archive("own: x")
    program(machine, "dpkg-deb", "exit 1")
    disk(machine, 4)
    ended = run(machine, root, "prepare-kernel", "6.1")

    assert (1, True) == (ended.returncode, "it needs 5 GiB below" in ended.stderr and "4 GiB are free" in ended.stderr)
    assert not log.exists()


@pytest.mark.parametrize("free", [100, 4])
def test_another_release_is_better_than_none(machine, root, free):
    """Without a network, or with a full disk, the demo still has the kernel that it had yesterday."""
    repository = ready_kernel(machine, "6.1.1-1")
    disk(machine, free)
    program(machine, "apt-get", "exit 100")
    program(machine, "dpkg-deb", "exit 1")
    ended = run(machine, root, "prepare-kernel", "6.1")

    assert (0, f"{repository}\n") == (ended.returncode, ended.stdout)
    assert "made from an earlier release" in ended.stderr


@pytest.mark.parametrize(
    ("flags", "said"),
    [("s", ""), ("ks -j2", ""), ("", "x\n"), (" --no-print-directory", "x\n"), ("k", "x\n"), ("--trace", "x\n")],
)
def test_make_s_is_silent(machine, root, flags, said):
    """`make -s` prints nothing else; other flags that merely contain an s do not silence it."""
    assert said == run(machine, root, "say", "x", MAKEFLAGS=flags).stderr


def test_a_second_setup_finds_the_stamp(machine, root, tmp_path):
    """Every target begins with the set-up, so it must be done at once when there is nothing to do."""
    checkout = tmp_path / "checkout"
    shutil.copytree(root / ".ci", checkout / ".ci")
    shutil.copy(root / "pyproject.toml", checkout)
    (checkout / ".venv/bin").mkdir(parents=True)
    log = tmp_path / "pip.log"
    program(checkout / ".venv/bin", "python", f'case $2 in pip) echo "$@" >>{log} ;; esac')
    (checkout / ".venv/bin/bash").symlink_to(machine / "bash")
    for name in ("spatch", "perl"):
        program(machine, name, "exit 0")
    (machine / "cksum").symlink_to(shutil.which("cksum"))
    results = [run(machine, checkout, "setup"), run(machine, checkout, "setup"), run(machine, checkout, "setup", "dev")]

    assert [0, 0, 0] == [ended.returncode for ended in results]
    assert "" == results[1].stderr
    assert [".", ".[dev]"] == [line.split()[-1] for line in log.read_text().splitlines()]


def test_the_embedded_kernel_is_the_same_for_everybody(root, tmp_path):
    """A commit id that differs from machine to machine would make every demo's series another one."""
    commits = set()
    for name in ("one", "two"):
        argv = [os.sys.executable, str(root / ".ci/embedded_kernel.py"), str(tmp_path / name)]
        subprocess.run(argv, env={**os.environ, "PYTHONPATH": str(root)}, check=True, capture_output=True)
        with KernelTree.open(tmp_path / name) as tree:
            commits.add(tree.commit)
            assert "Documentation/filesystems/locking.rst" in tree.blobs()

    assert 1 == len(commits)


def test_the_embedded_kernel_replaces_nothing_else(root, tmp_path):
    """A mistyped OUT must not cost anybody a folder."""
    (tmp_path / "thesis.txt").write_text("years of work")
    argv = [os.sys.executable, str(root / ".ci/embedded_kernel.py"), str(tmp_path)]
    ended = subprocess.run(
        argv, env={**os.environ, "PYTHONPATH": str(root)}, check=False, capture_output=True, text=True
    )

    assert 1 == ended.returncode
    assert "left alone" in ended.stderr
    assert (tmp_path / "thesis.txt").exists()


def test_every_target_is_described(root):
    """`make` alone is how a newcomer finds the two commands."""
    listed = subprocess.run(["make", "-s", "help"], cwd=root, capture_output=True, text=True, check=True).stdout
    names = {line.split("\t")[0] for line in listed.splitlines()}

    assert {"setup", "test", "check", "demo", "bench", "kernel-%", "accept", "generate", "format"} <= names


def test_setup_says_where_the_command_is(root):
    """Who has installed something wants to start it."""
    said = subprocess.run(["make", "-n", "setup"], cwd=root, capture_output=True, text=True, check=True).stdout

    assert f"the command is {root}/.venv/bin/cocci-gen" in said
