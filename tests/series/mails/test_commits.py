"""Leaf `commits`: what is written, where, and what is refused."""

import os
import subprocess

import pytest

from cocci_gen.errors import CocciGenError, UsageProblem
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.mails.commits import REFS, Draft, FileChange, make_branch, write_commits

PERSON = Person("Ünï Cödé <\n", "u@test.example")
DATE = 1700000000


def git(folder, *args):
    """Run git in a test repository."""
    ended = subprocess.run(["git", *args], cwd=folder, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.decode()


def test_commits_hold_what_was_drafted(demo_kernel):
    """Message, author, date and content must be exactly those of the draft, whatever bytes the file holds."""
    drafts = [
        Draft("demo: one\n\nbody\n", (FileChange("fs/demo/file.c", b"\0\xff\r\nno end"),)),
        Draft(
            "demo: two\n\nbödy\n", (FileChange("fs/demo/file.c", b""), FileChange("fs/other/file.c", b"data 3\nxyz\n"))
        ),
    ]
    with KernelTree.open(demo_kernel) as tree:
        commits = write_commits(tree, f"{REFS}/run/x", drafts, PERSON, DATE)

    log = git(demo_kernel, "log", "--reverse", "--format=%H|%an|%ae|%at|%ct|%B", f"main..{REFS}/run/x")
    assert log == "".join(
        f"{commit.oid}|Ünï Cödé|u@test.example|1700000000|1700000000|{draft.message}\n"
        for commit, draft in zip(commits, drafts, strict=True)
    )
    shown = subprocess.run(
        ["git", "show", f"{commits[0].oid}:fs/demo/file.c"], cwd=demo_kernel, capture_output=True, check=True
    )
    assert shown.stdout == b"\0\xff\r\nno end"
    assert git(demo_kernel, "show", f"{commits[1].oid}:fs/other/file.c") == "data 3\nxyz\n"


@pytest.mark.parametrize(
    "path", ["../x", ".git/hooks/x", "fs/new.c", "fs/demo", "fs/demo/link.c", "a/../fs/demo/file.c", ""]
)
def test_only_files_of_the_base_tree_are_changed(demo_kernel, path):
    """fast-import takes any path, `.git/hooks/x` too."""
    (demo_kernel / "fs/demo/link.c").symlink_to("/etc/passwd")
    git(demo_kernel, "add", "-A")
    git(demo_kernel, "commit", "-q", "-m", "link")
    with KernelTree.open(demo_kernel) as tree, pytest.raises(CocciGenError, match="no plain file"):
        write_commits(tree, f"{REFS}/run/x", [Draft("demo: x\n\nb\n", (FileChange(path, b"x"),))], PERSON, DATE)


def test_refs_outside_of_our_own_are_refused(demo_kernel):
    """A series must never move a branch of the user's."""
    with KernelTree.open(demo_kernel) as tree, pytest.raises(CocciGenError, match="not below"):
        write_commits(tree, "refs/heads/main", [], PERSON, DATE)


def test_modes_are_kept(demo_kernel):
    """An executable file stays one."""
    (demo_kernel / "fs/demo/file.c").chmod(0o755)
    git(demo_kernel, "commit", "-q", "-a", "-m", "mode")
    with KernelTree.open(demo_kernel) as tree:
        [commit] = write_commits(
            tree, f"{REFS}/run/x", [Draft("demo: x\n\nb\n", (FileChange("fs/demo/file.c", b"x"),))], PERSON, DATE
        )

    assert git(demo_kernel, "ls-tree", commit.oid, "fs/demo/file.c").startswith("100755")


def test_a_read_only_repository_is_a_clear_error(demo_kernel, monkeypatch):
    """The user must learn what is in the way."""
    lock = demo_kernel / ".git/refs/cocci-gen"
    lock.write_text("no folder\n")
    with KernelTree.open(demo_kernel) as tree, pytest.raises(CocciGenError, match="cocci-gen"):
        write_commits(
            tree, f"{REFS}/run/x", [Draft("demo: x\n\nb\n", (FileChange("fs/demo/file.c", b"x"),))], PERSON, DATE
        )
    del monkeypatch


def test_a_branch_only_on_request_and_never_over_another(demo_kernel):
    """The branch of the user is the user's."""
    with KernelTree.open(demo_kernel) as tree:
        make_branch(tree, "fixes/demo", tree.commit, "Cover\n\nbody\n")
        assert git(demo_kernel, "config", "branch.fixes/demo.description") == "Cover\n\nbody\n\n"
        for name in ("fixes/demo", "main"):
            with pytest.raises(UsageProblem, match="exists already"):
                make_branch(tree, name, tree.commit, "x")
        for name in ("-evil", "a..b", "a b", "x\n", ""):
            with pytest.raises(UsageProblem, match="cannot be the name"):
                make_branch(tree, name, tree.commit, "x")


def test_b4_takes_the_branch_over(demo_kernel, make_finding, run_facts, need, tmp_path):
    """`b4 prep -e` must neither rewrite the commits nor ask for another cover letter."""
    need("b4")
    with KernelTree.open(demo_kernel) as tree:
        findings = [make_finding(tree, "fs/demo/file.c", "demo_writepage1", kind) for kind in ("unlocks", "writeback")]
        person = tree.identity()
        [series] = build_series(tree, findings, run_facts(tree, findings), SeriesOptions(person)).series
        make_branch(tree, "demo-series", series.patches[-1].commit.oid, series.cover_text)
    git(demo_kernel, "checkout", "-q", "demo-series")
    git(demo_kernel, "config", "b4.prep-cover-strategy", "branch-description")
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}

    def b4(*words):
        ended = subprocess.run(
            ["b4", "--offline-mode", "--no-interactive", *words],
            cwd=demo_kernel,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout + ended.stderr

    b4("prep", "-e", "main")
    assert git(demo_kernel, "rev-parse", "demo-series").strip() == series.patches[-1].commit.oid
    shown = b4("send", "-o", str(tmp_path / "eml"), "--no-sign", "--no-trailer-to-cc", "--to", "x@test.example")
    sent = b"".join(path.read_bytes() for path in sorted((tmp_path / "eml").iterdir()))
    assert b"fix leaked page lock and missing writeback" in sent
    assert all(patch.subject.encode() in sent.replace(b"\n ", b" ") for patch in series.patches), shown
