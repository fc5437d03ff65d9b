"""Leaf `subject_prefix`: the history speaks first, the place in the tree last."""

import subprocess

import pytest

from cocci_gen.kernel.subject_prefix import find_prefixes
from cocci_gen.kernel.tree import KernelTree

PATHS = ("fs/demo/file.c", "fs/demo/inode.c", "fs/other/inode.c", "mm/shmem.c")


@pytest.fixture
def history(tmp_path, make_repository):
    """history(*(path, subject)) -> a repository in which these commits follow the import, and how to add more."""

    def make(*commits):
        folder = make_repository(tmp_path / "history", dict.fromkeys(PATHS, b"int x;\n"))
        for number, (path, subject) in enumerate(commits):
            (folder / path).write_text(f"int x{number};\n")
            git(folder, "commit", "-q", "-a", "-m", subject)
        return folder

    return make


def git(folder, *args):
    """Run git in a test repository."""
    return subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True, text=True).stdout


def prefixes(folder, *paths):
    """What find_prefixes says: text, capital, source."""
    with KernelTree.open(folder) as tree:
        found = find_prefixes(tree, paths)
    return {path: (prefix.text, prefix.capital, prefix.source) for path, prefix in found.items()}


def test_the_majority_of_the_file_itself_wins(history):
    """A prefix that nobody uses for this file marks the patch as a stranger's."""
    folder = history(
        ("fs/demo/file.c", "DemoFS: Fix a"),
        ("fs/demo/file.c", "treewide: replace x"),
        ("fs/demo/file.c", "DemoFS: Fix b"),
        ("fs/demo/file.c", 'Revert "mm: y"'),
        ("fs/demo/file.c", "DemoFS: Add c"),
    )

    assert prefixes(folder, "fs/demo/file.c") == {"fs/demo/file.c": ("DemoFS: ", True, "its history")}


def test_a_second_part_needs_a_majority_too(history):
    """`f2fs: compress: ` is right for a file of that part only."""
    subjects = ["demo: log: fix 1", "demo: log: fix 2", "demo: fix 3", "demo: fix 4", "demo: fix 5"]
    folder = history(*(("fs/demo/file.c", subject) for subject in subjects))
    assert prefixes(folder, "fs/demo/file.c")["fs/demo/file.c"][:2] == ("demo: ", False)

    for number in range(6):
        (folder / "fs/demo/file.c").write_text(f"int y{number};\n")
        git(folder, "commit", "-q", "-a", "-m", f"demo: log: more {number}")
    assert prefixes(folder, "fs/demo/file.c")["fs/demo/file.c"][0] == "demo: log: "


def test_neighbours_speak_for_a_file_without_history(history):
    """A file that was never touched follows the files beside it, not those of other folders."""
    folder = history(
        *(("fs/demo/file.c", f"fs/demo: fix {n}") for n in range(3)),
        *(("fs/other/inode.c", f"wrong: fix {n}") for n in range(5)),
    )

    assert prefixes(folder, "fs/demo/inode.c")["fs/demo/inode.c"] == (
        "fs/demo: ",
        False,
        "the history of its neighbours",
    )


def test_changes_from_all_over_the_tree_prove_nothing(history):
    """Where most commits come from elsewhere, the one that names the file system is right."""
    folder = history(
        ("fs/demo/file.c", "mm: convert a"),
        ("fs/demo/file.c", "demo: fix a"),
        ("fs/demo/file.c", "block: convert b"),
        ("fs/demo/file.c", "vfs: convert c"),
        ("fs/demo/file.c", "demo: fix b"),
    )

    assert prefixes(folder, "fs/demo/file.c")["fs/demo/file.c"][0] == "demo: "


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("fs/demo/file.c", "demo: "),
        ("fs/demo/inode.c", "demo: "),
        ("mm/shmem.c", "mm/shmem: "),
    ],
)
def test_one_commit_is_no_history(history, path, expected):
    """Debian's import touches every file; its subject says nothing about any."""
    assert prefixes(history(), path)[path] == (expected, False, "its place in the tree")


def test_a_shallow_clone_hides_the_boundary(history, tmp_path):
    """The commit at the border of a shallow clone looks as if it had added every file."""
    folder = history(*(("fs/demo/file.c", f"lie: all {n}") for n in range(4)), ("mm/shmem.c", "shmem: one"))
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{folder}", str(shallow))

    assert prefixes(shallow, "fs/demo/file.c")["fs/demo/file.c"] == ("demo: ", False, "its place in the tree")


def test_merges_and_renames(history):
    """A merge commit speaks for a branch, not for a file; after a rename the neighbours speak."""
    folder = history(*(("fs/demo/file.c", f"demo: fix {n}") for n in range(2)))
    git(folder, "checkout", "-q", "-b", "side")
    (folder / "mm/shmem.c").write_text("int side;\n")
    git(folder, "commit", "-q", "-a", "-m", "shmem: side")
    git(folder, "checkout", "-q", "main")
    (folder / "fs/other/inode.c").write_text("int main;\n")
    git(folder, "commit", "-q", "-a", "-m", "other: main")
    git(folder, "merge", "-q", "--no-ff", "-m", "merged: side into main", "side")
    git(folder, "mv", "fs/demo/file.c", "fs/demo/renamed.c")
    git(folder, "commit", "-q", "-m", "demo: rename")

    found = prefixes(folder, "fs/demo/renamed.c", "fs/other/inode.c")
    assert found["fs/demo/renamed.c"][0] == "demo: "
    assert found["fs/other/inode.c"] == ("other: ", False, "its place in the tree")


@pytest.mark.parametrize(
    "path", ["fs/$(touch x)/a.c", "fs/-rf/a.c", "fs/*/a.c", "fs/\udcff/a.c", "fs/a b/c.c", "fs/a:b/c.c"]
)
def test_odd_paths_give_harmless_prefixes(history, path):
    """A folder's name may hold anything; a subject may not."""
    [(text, _, _)] = prefixes(history(("fs/demo/file.c", "demo: x")), path).values()

    assert text.isascii()
    assert text.isprintable()
    assert text.endswith(": ")
    assert not set("$*()\n") & set(text)
