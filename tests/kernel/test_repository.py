"""A repository is hostile input: nothing that it names is run, and nothing that it names is waited for."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

from cocci_gen import programs
from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.repository import Shadow, find_repository
from cocci_gen.kernel.tree import KernelTree

PACKAGE = Path(__file__).resolve().parents[2] / "cocci_gen"


def git(folder, *args, **options):
    """git ARGS in a folder, as any user would run it."""
    words = ["git", "-C", folder, *args]
    return subprocess.run(words, capture_output=True, check=False, timeout=60, **options)


def trap(folder, kind):
    """A program that leaves a canary named after the kind of driver that has started it."""
    path = folder / f"trap-{kind}"
    path.write_text(f"#!/bin/sh\ntouch {folder}/ran-{kind}\n")
    path.chmod(0o755)
    return path


#: Kind of driver -> the settings of the repository that name the program {0}.
DRIVERS = {
    "clean": {"filter.evil.clean": "{0}"},
    "smudge": {"filter.evil.smudge": "{0}"},
    "process": {"filter.evil.process": "{0}"},
    "textconv": {"diff.evil.textconv": "{0}"},
    "diff-command": {"diff.evil.command": "{0}"},
    "diff-external": {"diff.external": "{0}"},
    "merge-driver": {"merge.evil.driver": "{0}"},
    "fsmonitor": {"core.fsmonitor": "{0}"},
    "hooks": {"core.hooksPath": "{1}"},
    "credential": {"credential.helper": "!{0}"},
    "askpass": {"core.askPass": "{0}"},
    "ssh": {"core.sshCommand": "{0}"},
    "gitproxy": {"core.gitProxy": "{0}"},
    "gpg": {"gpg.program": "{0}", "log.showSignature": "true"},
    "pager": {"core.pager": "{0}", "pager.log": "{0}", "pager.config": "{0}", "pager.grep": "{0}"},
    "editor": {"core.editor": "{0}", "sequence.editor": "{0}"},
    "alternate-refs": {"core.alternateRefsCommand": "{0}"},
    "pack-objects-hook": {"uploadpack.packObjectsHook": "{0}"},
    "submodule": {"submodule.sub.update": "!{0}", "submodule.sub.url": "ext::{0}", "submodule.recurse": "true"},
    "protocol": {
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "remote.origin.url": "ext::{0}",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
    },
    "trailer": {"trailer.sign.command": "{0}", "trailer.sign.cmd": "{0}"},
    "tar": {"tar.tar.command": "{0}", "tar.cpio.command": "{0}"},
    "sendemail": {"sendemail.smtpserver": "{0}", "sendemail.tocmd": "{0}"},
    "alias": {f"alias.{name}": "!{0}" for name in ("cat-file", "status", "log", "grep", "blame", "own")},
}
HOOKS = (
    "post-index-change",
    "reference-transaction",
    "post-checkout",
    "pre-commit",
    "fsmonitor-watchman",
    "pre-auto-gc",
)
#: Every git command of ours, as it is given to a tree: {commit}, {blob} and {path} are filled in.
COMMANDS = {
    "apply": ("apply", "--check", "-"),
    "archive": ("archive", "--format=tar", "{commit}"),
    "blame": ("blame", "--porcelain", "-w", "-L", "1,1", "{commit}", "--", "{path}"),
    "cat-file": ("cat-file", "--batch"),
    "check-ref-format": ("check-ref-format", "refs/heads/x"),
    "config": ("config", "--list"),
    "diff-index": ("diff-index", "--raw", "{commit}"),
    "diff-tree": ("diff-tree", "-p", "{commit}^", "{commit}"),
    "fast-import": ("fast-import", "--quiet", "--force"),
    "for-each-ref": ("for-each-ref",),
    "format-patch": ("format-patch", "--stdout", "{commit}^..{commit}"),
    "grep": ("grep", "-n", "-e", "a", "{commit}"),
    "init": ("rev-parse", "HEAD"),  # only ever in folders of our own
    "log": ("log", "-p", "--format=%H %G? %s", "{commit}"),
    "ls-files": ("ls-files", "--stage"),
    "ls-tree": ("ls-tree", "-r", "{commit}"),
    "mailinfo": ("check-ref-format", "refs/heads/y"),  # only ever in folders of our own
    "merge-base": ("merge-base", "--is-ancestor", "{commit}", "{commit}"),
    "merge-file": ("check-ref-format", "refs/heads/z"),  # only ever in folders of our own
    "read-tree": ("check-ref-format", "refs/heads/w"),  # only ever into indexes of our own
    "rev-list": ("rev-list", "--objects", "{commit}"),
    "rev-parse": ("rev-parse", "--verify", "HEAD^{{commit}}"),
    "status": ("status", "--porcelain=v2", "-z", "--untracked-files=normal", "--ignore-submodules=all"),
    "symbolic-ref": ("symbolic-ref", "HEAD"),
    "update-index": ("update-index", "--refresh"),
    "update-ref": ("update-ref", "refs/cocci-gen/x", "{commit}"),
}
#: A command of a careless tool that starts the driver; a kind that no local command starts has none.
CARELESS = {
    "clean": ("status",),
    "process": ("status",),
    "smudge": ("checkout", "-f", "HEAD~0"),
    "textconv": ("log", "-p"),
    "diff-command": ("diff", "HEAD~1"),
    "diff-external": ("diff", "HEAD~1"),
    "fsmonitor": ("status",),
    "hooks": ("update-ref", "refs/heads/q", "HEAD"),
    "gpg": ("log",),
    "editor": ("commit", "--amend"),
    "alias": ("own",),
    "tar": ("archive", "--format=cpio", "HEAD"),
    "protocol": ("fetch",),
}


@pytest.fixture
def hostile(tmp_path, make_repository):
    """hostile(kind) -> a repository of two commits with a driver of that kind, all its files stat-dirty."""

    def make(kind):
        attributes = b"* filter=evil diff=evil merge=evil\n"
        folder = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\n", ".gitattributes": attributes})
        (folder / "fs/a.c").write_bytes(b"int a;\nint b;\n")
        git(folder, "commit", "-qam", "second")
        raw = git(folder, "cat-file", "commit", "HEAD").stdout
        signature = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n"
        head, blank, body = raw.partition(b"\n\n")
        signed = git(
            folder, "hash-object", "-t", "commit", "-w", "--stdin", input=head + b"\n" + signature + blank[1:] + body
        )
        git(folder, "update-ref", "HEAD", signed.stdout.decode().strip())
        for name in HOOKS:
            (tmp_path / "hooks").mkdir(exist_ok=True)
            trap(tmp_path, "hooks").rename(tmp_path / "hooks" / name)
        for key, value in DRIVERS[kind].items():
            git(folder, "config", key, value.format(trap(tmp_path, kind), tmp_path / "hooks"))
        os.utime(folder / "fs/a.c", (1, 1))
        return folder

    return make


@pytest.mark.parametrize("kind", CARELESS)
def test_the_traps_work(hostile, tmp_path, kind):
    """A canary that nothing can set off proves nothing: a plain git does set it off."""
    folder = hostile(kind)

    git(folder, *CARELESS[kind], env={**os.environ, "GIT_ALLOW_PROTOCOL": "ext", "TERM": "xterm"})

    assert (tmp_path / f"ran-{kind}").exists()


@pytest.mark.parametrize("kind", DRIVERS)
def test_no_git_command_runs_what_the_repository_names(hostile, tmp_path, kind):
    """To look at a checkout from elsewhere would otherwise be to run it, with all rights of the user."""
    folder = hostile(kind)

    with KernelTree.open(folder) as tree:
        filled = {"commit": tree.commit, "blob": tree.blobs()["fs/a.c"].oid, "path": "fs/a.c"}
        for words in COMMANDS.values():
            tree.run_git(*(word.format(**filled) for word in words))
        tree.run_git("own")
        tree.state()
        tree.identity()
        tree.read("fs/a.c")
        list(tree.read_blobs([filled["blob"]]))
        tree.describe_branch("x", "cover")
        assert tree.branch_description("x") == "cover"

    assert not list(tmp_path.glob("ran-*"))


def test_every_git_command_is_tried():
    """A command that is added later would not be tried with the drivers above."""
    listed = subprocess.run(["git", "--list-cmds=builtins"], capture_output=True, check=True, text=True).stdout.split()
    used = set()
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text()
        if "run_git(" not in text and ".git(" not in text and "_git(" not in text and '"git"' not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            words = node.args if isinstance(node, ast.Call) else getattr(node, "elts", ())
            used |= {word.value for word in words if isinstance(word, ast.Constant) and word.value in listed}

    # `diff`, `show` and others are words of other programs and of our own verbs as well
    assert {word for word in used if "-" in word or word in ("status", "log", "grep", "blame", "archive")} <= set(
        COMMANDS
    )
    assert {"cat-file", "status", "grep", "blame", "fast-import", "rev-parse"} <= used


def test_the_tree_cannot_put_a_git_into_the_path(tmp_path, make_repository, monkeypatch):
    """With `.` in PATH, as some have it, a file `git` of the kernel tree would be run."""
    folder = make_repository(tmp_path / "linux", {"git": b""})
    trap(tmp_path, "path").rename(folder / "git")
    monkeypatch.setenv("PATH", os.pathsep.join((".", "", os.environ["PATH"])))
    monkeypatch.chdir(folder)

    with KernelTree.open(folder) as tree:
        tree.state()

    assert not (tmp_path / "ran-path").exists()


def test_no_protocol_is_allowed():
    """Should any git of ours ever fetch (a promisor, a submodule), the environment refuses every way to do it."""
    assert programs.clean_environment(Path("/nowhere"))["GIT_ALLOW_PROTOCOL"] == "none"


def test_a_fetch_is_refused_by_the_environment(hostile, tmp_path):
    """GIT_ALLOW_PROTOCOL is the last guard: even a git that is told to fetch from the hostile remote starts nothing."""
    folder = hostile("protocol")
    words = ["git", "-C", str(folder), "fetch", "origin"]

    ended = programs.run(words, cwd=folder, timeout=20, env=programs.clean_environment(tmp_path))

    assert b"not allowed" in ended.stderr
    assert not (tmp_path / "ran-protocol").exists()


@pytest.mark.parametrize("name", ["config", "packed-refs", "HEAD", "index", "shallow", "objects/info/alternates"])
@pytest.mark.parametrize("make", ["fifo", "device"])
def test_no_odd_file_is_waited_for(tmp_path, make_repository, name, make):
    """A FIFO in place of a file holds git for ever, /dev/zero fills the memory."""
    folder = make_repository(tmp_path / "linux", {"fs/a.c": b""})
    path = folder / ".git" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path) if make == "fifo" else path.symlink_to("/dev/zero")

    with pytest.raises(KernelTreeError, match="is no plain file"):
        KernelTree.open(folder)


@pytest.mark.parametrize(
    ("key", "value"),
    [("include.path", "{0}/fifo"), ("include.path", "/dev/zero"), ("diff.orderFile", "/dev/zero"),
     ("includeIf.gitdir:/.path", "{0}/fifo"), ("core.attributesFile", "{0}/fifo"), ("core.excludesFile", "{0}/fifo"),
     ("mailmap.file", "{0}/fifo"), ("blame.ignoreRevsFile", "{0}/fifo"), ("i18n.logOutputEncoding", "UTF-16"),
     ("core.worktree", "/"), ("log.date", "nonsense"), ("core.logAllRefUpdates", "nonsense")],
)  # fmt: skip
def test_no_setting_of_the_repository_is_followed(tmp_path, make_repository, key, value):
    """The configuration may name files without end; each is read by some git, and the output may change with others."""
    folder = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\n"})
    os.mkfifo(tmp_path / "fifo")
    git(folder, "config", key, value.format(tmp_path))

    with KernelTree.open(folder) as tree:
        assert tree.git("log", "--format=%s", timeout=5) == b"a small kernel\n"
        assert tree.git("diff-tree", "-p", "--root", "HEAD", timeout=5)
        assert tree.git("blame", "HEAD", "--", "fs/a.c", timeout=5)
        assert tree.root == folder
        tree.state()
        tree.identity()


def test_a_configuration_that_is_none_is_one_sentence(tmp_path, make_repository):
    """Whoever edits .git/config by hand makes mistakes."""
    folder = make_repository(tmp_path / "linux", {"fs/a.c": b""})
    (folder / ".git/config").write_text("[core\nnonsense")

    with pytest.raises(KernelTreeError, match=r"git cannot read .*config"):
        KernelTree.open(folder)


def test_the_shadow_goes_with_the_tree(tmp_path, make_repository, monkeypatch):
    """Each run would leave a folder in /tmp otherwise."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    folder = make_repository(tmp_path / "linux", {"fs/a.c": b""})

    with KernelTree.open(folder):
        assert list((tmp_path / "tmp").iterdir())

    assert not list((tmp_path / "tmp").iterdir())


def test_another_object_format_is_kept(tmp_path):
    """Without the extensions of the repository git would take SHA-256 names for nonsense."""
    folder = tmp_path / "linux"
    folder.mkdir()
    git(folder, "init", "-q", "--object-format=sha256")
    (folder / "a.c").write_bytes(b"int a;\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")

    with KernelTree.open(folder) as tree:
        assert len(tree.commit) == 64
        assert tree.read("a.c") == b"int a;\n"


def test_refs_are_written_where_they_belong(tmp_path, make_repository):
    """The commits of a series lie in the user's repository, also where its refs are packed."""
    folder = make_repository(tmp_path / "linux", {"a.c": b""})
    git(folder, "update-ref", "refs/cocci-gen/old", "HEAD")
    git(folder, "pack-refs", "--all")

    with KernelTree.open(folder) as tree:
        tree.git("update-ref", "refs/cocci-gen/new", tree.commit)
        tree.git("update-ref", "-d", "refs/cocci-gen/old")

    assert git(folder, "for-each-ref", "--format=%(refname)").stdout.split() == [
        b"refs/cocci-gen/new",
        b"refs/heads/main",
    ]
    assert (folder / ".git/packed-refs").is_file()
    assert not (folder / ".git/packed-refs").is_symlink()


def test_a_crash_of_git_leaves_its_report_in_the_shadow(tmp_path, make_repository):
    """`fast_import_crash_*` would pile up in the user's repository."""
    folder = make_repository(tmp_path / "linux", {"a.c": b""})
    before = sorted(path.name for path in (folder / ".git").iterdir())

    with KernelTree.open(folder) as tree:
        ended = tree.run_git("fast-import", "--quiet", stdin=b"nonsense\n")
        assert ended.returncode != 0

    assert sorted(path.name for path in (folder / ".git").iterdir()) == before


def test_a_shadow_of_another_process_stays(tmp_path, make_repository):
    """A worker process that is forked off must not take away the folder that its siblings read from."""
    shadow = Shadow(find_repository(make_repository(tmp_path / "linux", {"a.c": b""})))
    if (child := os.fork()) == 0:
        shadow.close()
        os._exit(0)
    os.waitpid(child, 0)

    assert shadow.path.is_dir()
    shadow.close()
    assert not shadow.path.exists()
