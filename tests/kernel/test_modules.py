"""A module outside the kernel, opened and laid over one."""

import os
import shutil
import subprocess

import pytest

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.modules import ModuleTree, NoRepository, open_module, state_name
from cocci_gen.kernel.tree import KernelTree

FILES = {"src/Kbuild": b"obj-m = a.o\n", "src/a.c": b"int a;\n", "src/a.h": b"", "user/u.c": b"int u;\n"}


@pytest.fixture
def module(tmp_path, make_repository):
    """A repository with a module."""
    return make_repository(tmp_path / "mod", FILES)


def test_a_repository_is_read_at_a_revision(module):
    """The work tree may be half edited."""
    (module / "src/a.c").write_bytes(b"int changed;\n")
    (module / "src/new.c").write_bytes(b"")
    opened = open_module(str(module))

    assert (b"int a;\n", "HEAD", "mod") == (opened.files["src/a.c"], opened.revision, opened.name)
    assert "src/new.c" not in opened.files
    assert opened.commit == state_name(opened)


def test_a_module_is_called_as_dkms_knows_it(module):
    """The folder of a package that was unpacked has the package's name, which no subject of its patches begins with."""
    shutil.rmtree(module / ".git")
    (module / "dkms.conf").write_text(
        'MAKE="make KVER=${kernelver}"\nPACKAGE_NAME="elmfs"\nBUILT_MODULE_NAME[0]="$PACKAGE_NAME"\n'
    )
    assert "elmfs" == open_module(str(module)).name

    (module / "dkms.conf").write_text("PACKAGE_NAME=$(rm -rf /)\n")
    assert "mod" == open_module(str(module)).name


def test_a_folder_is_read_as_it_lies_there(module):
    """A package unpacked has no git; links and special files are left alone."""
    shutil.rmtree(module / ".git")
    (module / "src/link.c").symlink_to("/etc/passwd")
    (module / "src/loop").symlink_to(module)
    opened = open_module(str(module))

    assert (NoRepository(), "", "") == (opened.repository, opened.revision, opened.commit)
    assert set(FILES) == set(opened.files)
    (module / "src/a.c").write_bytes(b"int changed;\n")
    assert state_name(opened) != state_name(open_module(str(module)))


@pytest.mark.parametrize("git", [True, False], ids=["git", "plain"])
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir() or (path / "a.c").write_bytes(b"int x;\n"), "is a folder"),
        (lambda path: path.symlink_to("elsewhere.toml"), "is a symbolic link"),
        (os.mkfifo, "is no file"),
    ],
    ids=["folder", "link", "pipe"],
)
def test_settings_that_are_no_file_are_told(module, make, words, git):
    """Verdicts and addresses that nobody reads look like none."""
    make(module / "cocci-gen.toml")
    if git and words == "is no file":
        assert open_module(str(module)).settings() == b""  # git knows no pipes
        return
    if git:
        subprocess.run(["git", "-C", module, "add", "-A"], check=True)
        subprocess.run(["git", "-C", module, "commit", "-q", "-m", "x"], check=True)
    else:
        shutil.rmtree(module / ".git")

    with pytest.raises(KernelTreeError, match=rf"cocci-gen\.toml {words}, where a module says"):
        open_module(str(module))


def test_only_the_part_that_counts_is_laid_over(tmp_path, module, make_repository):
    """DIR:SUBDIR, with paths from the top of the repository."""
    kernel = make_repository(tmp_path / "kernel", {"Makefile": b"VERSION = 6\n", "module/main.c": b"int m;\n"})
    with KernelTree.open(kernel) as tree:
        whole = ModuleTree(tree, open_module(f"{module}:src"))
        user = ModuleTree(tree, open_module(f"{module}:user"))

        assert {"module_/src/a.c"} == set(whole.laid)
        assert {"module_/user/u.c"} == set(user.laid)
        assert ("src/a.c", "module/main.c") == (whole.outside("module_/src/a.c"), whole.outside("module/main.c"))
        assert "module_/src/a.c" == whole.inside("src/a.c")
        assert ("module_", "") == (whole.home("module_/src/a.c"), whole.home("module/main.c"))


@pytest.mark.parametrize(
    ("place", "rev", "words"),
    [
        ("nowhere", "", "there is no folder"),
        ("mod/src/a.c", "", "a.c is a file; --module takes a git repository or a folder"),
        ("mod:no", "", "has no folder no; --module takes DIR:SUBDIR"),
        ("mod:../kernel", "", "would lie outside"),
        ("mod", "v9", "has no revision 'v9'"),
        ("mod/src", "v9", "is no git repository, so it has no revision 'v9'; leave out --module-rev"),
    ],
)
def test_what_cannot_be_opened_is_said(module, place, rev, words):
    """With the way out."""
    with pytest.raises(KernelTreeError, match=words):
        open_module(str(module.parent / place), rev)


def test_a_folder_without_c_is_no_module(tmp_path, make_repository):
    """Nothing found in it would look clean."""
    kernel = make_repository(tmp_path / "kernel", {"Makefile": b"VERSION = 6\n"})
    (tmp_path / "empty").mkdir()
    with KernelTree.open(kernel) as tree, pytest.raises(KernelTreeError, match="holds no C file: it is no module"):
        ModuleTree(tree, open_module(str(tmp_path / "empty")))
