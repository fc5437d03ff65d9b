"""Leaf `origins`: a Fixes: tag only where the history knows."""

import subprocess

import pytest

from cocci_gen.kernel.origins import Culprit, NoOrigin, Origin, find_origin
from cocci_gen.kernel.tree import KernelTree


def git(folder, *args):
    """Run git in a test repository."""
    return subprocess.run(["git", *args], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def history(tmp_path, make_repository):
    """An import, a bug, a rename, a change of blanks, a second bug, a merge."""
    folder = make_repository(tmp_path / "history", {"fs/a.c": b"one\ntwo\nthree\n" * 5, "fs/b.c": b"x\n"})

    def commit(subject, text=None, path="fs/a.c"):
        if text is not None:
            (folder / path).write_text(text)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "--allow-empty", "-m", subject)
        return git(folder, "rev-parse", "HEAD")

    base = "one\ntwo\nthree\n" * 5
    found = {"bug": commit("a: introduce (the) bug", base + "bug\n")}
    git(folder, "mv", "fs/a.c", "fs/renamed.c")
    commit("a: rename")
    commit("a: white space", base + "\tbug\n", "fs/renamed.c")
    found["second"] = commit("a: second", base + "\tbug\nsecond\n", "fs/renamed.c")
    git(folder, "checkout", "-q", "-b", "side", "HEAD~1")
    found["side"] = commit("b: side", "x\nside\n", "fs/b.c")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "-m", "merge side", "side")
    return folder, found


def origin(folder, *places):
    """What find_origin says of lines of HEAD."""
    with KernelTree.open(folder) as tree:
        return find_origin(tree, [Culprit((place,)) for place in places])


def test_through_renames_merges_and_white_space(history):
    """The commit that only moved or indented a line did not introduce it."""
    folder, commits = history

    assert origin(folder, ("fs/renamed.c", 16)) == Origin(commits["bug"], "a: introduce (the) bug")
    assert origin(folder, ("fs/b.c", 2)) == Origin(commits["side"], "b: side")
    assert (
        Origin(commits["bug"], "a: introduce (the) bug").tag
        == f'Fixes: {commits["bug"][:12]} ("a: introduce (the) bug")'
    )


def test_a_commit_that_only_this_repository_has_is_no_origin(history):
    """A check lays patches over a commit; a Fixes: tag that names one of them names nothing to anybody else."""
    folder, commits = history
    with KernelTree.open(folder) as tree:
        places = [Culprit((("fs/renamed.c", 17),))]
        assert isinstance(find_origin(tree, places, tree.commit), Origin)
        assert isinstance(find_origin(tree, places, commits["second"]), Origin)
        assert NoOrigin("the line comes with the change that was checked") == find_origin(tree, places, commits["bug"])


def test_several_commits_are_all_named(history):
    """A tag with one of two commits would be half a lie; where there are many, the code has always been like that."""
    folder, commits = history
    second = Origin(commits["second"], "a: second")
    both = origin(folder, ("fs/renamed.c", 16), ("fs/renamed.c", 17))

    assert set(both.tags) == {second.tag, Origin(commits["bug"], "a: introduce (the) bug").tag}
    assert origin(folder, ("fs/renamed.c", 17), ("fs/renamed.c", 17)) == second
    text = (folder / "fs/renamed.c").read_text()
    for number in range(3):
        text += f"more {number}\n"
        (folder / "fs/renamed.c").write_text(text)
        git(folder, "commit", "-q", "-a", "-m", f"a: more {number}")
    lines = [("fs/renamed.c", line) for line in (17, 18, 19, 20)]
    assert origin(folder, *lines) == NoOrigin("the lines come from 4 commits")


def test_code_that_only_moved_is_not_blamed(history):
    """Who splits a file is Cc'ed for every bug of it otherwise."""
    folder, _ = history
    body = "".join(f"\tint line_{number};\n" for number in range(12))
    (folder / "fs/b.c").write_text(body)
    git(folder, "commit", "-q", "-a", "-m", "b: write it")
    written = git(folder, "rev-parse", "HEAD")
    (folder / "fs/b.c").write_text("x\n")
    (folder / "fs/c.c").write_text(body)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "b: split it")

    assert origin(folder, ("fs/c.c", 5)) == Origin(written, "b: write it")


def test_the_boundary_of_the_history_is_no_origin(history, tmp_path):
    """The import, and the border of a shallow clone, look as if they had introduced every line."""
    folder, _ = history
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{folder}", str(shallow))

    old = "the line is as old as the history at hand"
    alone = f"{old}, which is a single commit"  # who reads the mail knows then that the kernel's own history may tell
    for where, line, why in ((folder, 2, old), (shallow, 2, alone), (shallow, 16, alone)):
        assert origin(where, ("fs/renamed.c", line)) == NoOrigin(why)


@pytest.mark.parametrize(("path", "line"), [("fs/none.c", 1), ("fs/b.c", 99), ("--help", 1), ("fs/b.c", 0)])
def test_what_cannot_be_blamed_is_no_origin(history, path, line):
    """A line that is not there has no commit, and no traceback either."""
    folder, _ = history

    assert isinstance(origin(folder, (path, line)), NoOrigin)


def test_the_users_blame_settings_do_not_matter(history):
    """A list of revisions to ignore is the user's, and would change the answer."""
    folder, commits = history
    (folder / "ignored").write_text(commits["bug"] + "\n")
    for setting in (
        "blame.ignoreRevsFile=ignored",
        "blame.showEmail=true",
        "blame.coloring=highlightRecent",
        "blame.date=relative",
    ):
        git(folder, "config", *setting.split("=", 1))

    assert origin(folder, ("fs/renamed.c", 16)) == Origin(commits["bug"], "a: introduce (the) bug")
