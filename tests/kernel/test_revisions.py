"""Revisions in every spelling that git has: they mean here what they mean there, or are refused in a sentence."""

import subprocess

import pytest

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.tree import KernelTree


def git(folder, *words):
    """git ARGS in a folder, as the user runs it -> what it prints."""
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def clone(tmp_path_factory, make_repository):
    """A clone with a branch that follows another, tags, logs of refs, a stash and what a fetch leaves behind."""
    folder = tmp_path_factory.mktemp("clone")
    origin = make_repository(folder / "origin", {"Makefile": b"0\n"})
    for number in range(1, 5):
        (origin / "Makefile").write_text(f"{number}\n")
        git(origin, "commit", "-qam", f"step .. {number}")
    git(origin, "tag", "-a", "v1", "-m", "v1")
    git(folder, "clone", "-q", "origin", "clone")
    work = folder / "clone"
    git(work, "checkout", "-q", "-b", 'top"ic', "--no-track")
    git(work, "branch", "-q", "-u", "origin/main")
    for name in ("more", "yet more"):
        git(work, "commit", "-q", "--allow-empty", "-m", name)
    git(work, "checkout", "-q", "main")
    git(work, "fetch", "-q", "origin")
    git(work, "checkout", "-q", 'top"ic')
    (work / "Makefile").write_text("dirty\n")
    git(work, "stash", "-q")
    git(work, "reset", "-q", "--soft", "HEAD~1")
    return work


@pytest.mark.parametrize(
    "revision",
    [
        "HEAD", "@", "HEAD~3", "HEAD^", "v1", "v1^0", "v1^{}", "v1^{commit}", "HEAD^{/step .. 2}",
        ":/step .. 3", 'top"ic@{1}', "@{1}", "HEAD@{0}", "HEAD@{1}", "HEAD@{2}", "@{-1}", "@{yesterday}",
        "@{u}", "@{upstream}", 'top"ic@{U}', "main@{u}", "@{u}~1", "main@{push}",
        "FETCH_HEAD", "ORIG_HEAD", "stash", "stash@{0}", "origin", "origin/main", "remotes/origin/main", "refs/heads/main",
    ],
)  # fmt: skip
def test_a_revision_is_what_git_says_it_is(clone, revision):
    """Our git sees another configuration and another git dir; `--rev @{u}` must not look at another commit for that."""
    meant = git(clone, "rev-parse", git(clone, "rev-parse", "--verify", "--end-of-options", revision) + "^{commit}")

    with KernelTree.open(clone, revision) as tree:
        assert meant == tree.commit


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("v1..HEAD", "is a range of commits"),
        ("v1...HEAD", "is a range of commits"),
        ("^HEAD", "has no revision '^HEAD'"),
        ("HEAD:Makefile", "names a file or folder"),
        ("HEAD^{tree}", "names a file or folder"),
        (":0:Makefile", "names a file or folder"),
        ("origin/main@{u}", "names no commit"),
        ("--all", "has no revision '--all'"),
        ("HEAD@{99}", "'HEAD@{99}' names no commit"),
        ("two words", "has no revision 'two words'"),
    ],
)
def test_what_is_no_commit_is_refused(clone, revision, words):
    """`^HEAD` was taken for a commit of the name ^<hash>."""
    with pytest.raises(KernelTreeError) as caught:
        KernelTree.open(clone, revision)

    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_branch_without_upstream_is_told_where_that_is_seen(tmp_path, make_repository):
    """The first word that a hook passes on is @{u}."""
    folder = make_repository(tmp_path / "linux", {"Makefile": b""})

    with pytest.raises(KernelTreeError, match=r"'@\{u\}' names no commit in .*no upstream.*`git branch -vv` shows"):
        KernelTree.open(folder, "@{u}")


def test_no_address_is_taken_over(clone):
    """What a branch follows is names; with an address or a program in the configuration git might begin to fetch."""
    for key, value in (
        ("remote.origin.uploadpack", "evil"),
        ("remote.origin.vcs", "evil"),
        ("branch.main.rebase", "x"),
    ):
        git(clone, "config", key, value)
    with KernelTree.open(clone, "@{u}") as tree:
        listed = tree.git("config", "--list", "--name-only").decode().split()
        text = tree.git("config", "--list").decode()

    assert "remote.origin.fetch" in listed
    assert {"remote.origin.url", "remote.origin.uploadpack", "remote.origin.vcs", "branch.main.rebase"}.isdisjoint(
        listed
    )
    assert "evil" not in text


def test_names_stay_in_their_quotes(tmp_path, make_repository):
    """A branch or a remote may be called anything; none of it may become a setting of its own."""
    folder = make_repository(tmp_path / "linux", {"Makefile": b""})
    name = 'x"]\n[core]\n\tfsmonitor = "evil'
    with (folder / ".git/config").open("a") as config:
        quoted = name.replace('"', '\\"').replace("\n", "\\n")
        config.write(
            f'[branch "main"]\n\tremote = "{quoted}"\n\tmerge = refs/heads/main\n[branch "y\\"]z"]\n\tmerge = a\\\\b\n'
        )
    with KernelTree.open(folder, "HEAD@{0}") as tree:
        text = tree.git("config", "--list", "--null").decode().split("\0")

    assert f"branch.main.remote\n{name}" in text
    assert 'branch.y"]z.merge\na\\b' in text
    assert "core.fsmonitor\nevil" not in text
