"""The kernel tree: what is committed is read, nothing else is read, and nothing is written."""

import os
import subprocess
from pathlib import Path

import pytest

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.tree import Blob, KernelTree
from cocci_gen.kernel.users import Person


def git(folder, *args):
    """git ARGS in a folder -> what it prints."""
    ended = subprocess.run(["git", *args], cwd=folder, capture_output=True, check=True)
    return ended.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path, make_repository):
    """A repository with one file in fs/ and a Makefile."""
    return make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\n", "Makefile": b"VERSION = 6\n"})


def test_the_whole_tree_is_listed_and_read(repository):
    """Everything else stands on path -> blob -> bytes."""
    with KernelTree.open(repository) as tree:
        assert {"fs/a.c", "Makefile"} == set(tree.blobs())
        assert tree.blobs()["fs/a.c"] == Blob(git(repository, "rev-parse", "HEAD:fs/a.c"), "fs/a.c", "100644")
        assert tree.read("fs/a.c") == b"int a;\n"
        assert git(repository, "rev-parse", "HEAD") == tree.commit
        assert git(repository, "rev-parse", "HEAD^{tree}") == tree.tree
        assert (repository, repository / ".git", "HEAD") == (tree.root, tree.git_dir, tree.revision)


def test_only_the_commit_counts(repository):
    """A dirty work tree or index must not leak into findings that name a commit."""
    (repository / "fs/a.c").write_bytes(b"int dirty;\n")
    (repository / "fs/new.c").write_bytes(b"int new;\n")
    git(repository, "add", "-A")

    with KernelTree.open(repository) as tree:
        assert tree.read("fs/a.c") == b"int a;\n"
        assert "fs/new.c" not in tree.blobs()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (b"fs/\xe4 b.c", "fs/\udce4 b.c"),
        (b"fs/a\nb.c", "fs/a\nb.c"),
        (b"fs/a\tb.c", "fs/a\tb.c"),
        (b"fs/;touch pwned;.c", "fs/;touch pwned;.c"),
        (b"fs/-rf", "fs/-rf"),
        (b'fs/"quoted".c', 'fs/"quoted".c'),
    ],
    ids=["latin-1", "newline", "tab", "shell", "option", "quotes"],
)
def test_any_file_name_is_only_a_name(tmp_path, make_repository, path, shown):
    """git quotes odd names unless told otherwise, and a quoted name is another file."""
    folder = make_repository(tmp_path / "linux", {path: b"odd\n"})

    with KernelTree.open(folder) as tree:
        assert [shown] == list(tree.blobs())
        assert tree.read(shown) == b"odd\n"


@pytest.mark.parametrize(
    "path",
    [b"fs/\xe4 b.c", b"fs/a\nb.c", b"fs/a b missing", b"fs/-rf", b":(top)x", b"HEAD", b"a^{tree}", b"a@{1}"],
    ids=repr,
)
def test_a_file_is_had_without_the_list_of_all(tmp_path, make_repository, path):
    """The list takes as long as all the rest of a scan that is remembered; no name may mean another object than its file."""
    folder = make_repository(tmp_path / "linux", {path: b"odd\n", b"fs/b.c": b"b\n"})

    with KernelTree.open(folder) as tree:
        assert tree.text_of(os.fsdecode(path)) == b"odd\n"
        assert (tree._blobs is None) == (b"\n" not in path)


@pytest.mark.parametrize(
    "path", ["gone.c", "fs", "fs/", "fs//a.c", "./fs/a.c", "fs/../Makefile", "", "sub", "fs/a.c/b"]
)
def test_what_is_no_file_has_no_text(repository, path):
    """A folder, a submodule and another spelling of a name are no entries of the list, and no files without it either."""
    commit = git(repository, "rev-parse", "HEAD")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
    git(repository, "commit", "-q", "-m", "a submodule")

    with KernelTree.open(repository) as tree:
        assert tree.text_of(path) is None
        tree.blobs()
        assert tree.text_of(path) is None
        assert tree.text_of("fs/a.c") == b"int a;\n"


def test_links_executables_and_submodules_keep_their_mode(repository):
    """A symbolic link is no C file, and a submodule has no bytes at all."""
    (repository / "link.c").symlink_to("fs/a.c")
    (repository / "run.sh").write_text("#!/bin/sh\n")
    (repository / "run.sh").chmod(0o755)
    git(repository, "add", "-A")
    commit = git(repository, "rev-parse", "HEAD")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
    git(repository, "commit", "-q", "-m", "modes")

    with KernelTree.open(repository) as tree:
        modes = {path: blob.mode for path, blob in tree.blobs().items() if blob.mode != "100644"}
        assert {"link.c": "120000", "run.sh": "100755", "sub": "160000"} == modes
        assert tree.read("link.c") == b"fs/a.c"
        with pytest.raises(KernelTreeError, match="no file sub"):
            tree.read("sub")


def test_another_revision_is_another_tree(repository):
    """--rev must not silently mean HEAD."""
    git(repository, "tag", "-a", "v1", "-m", "annotated")
    git(repository, "rm", "-q", "fs/a.c")
    git(repository, "commit", "-q", "-m", "gone")

    with KernelTree.open(repository, "v1") as old, KernelTree.open(repository, "HEAD") as new:
        assert "fs/a.c" in old.blobs()
        assert "fs/a.c" not in new.blobs()
        assert git(repository, "rev-parse", "v1^{commit}") == old.commit


def test_a_bare_repository_will_do(repository, tmp_path):
    """Build servers keep bare mirrors."""
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare.git")

    with KernelTree.open(tmp_path / "bare.git") as tree:
        assert tree.read("fs/a.c") == b"int a;\n"
        assert tree.root == tree.git_dir
        assert tree.state() == tree.state()


def test_a_linked_work_tree_will_do(repository, tmp_path):
    """Its .git is a file, and its index lies elsewhere."""
    git(repository, "worktree", "add", "-q", str(tmp_path / "other"), "-b", "other")

    with KernelTree.open(tmp_path / "other") as tree:
        assert tree.read("fs/a.c") == b"int a;\n"
        assert tree.state().branch == "refs/heads/other"


def test_a_folder_named_like_a_variable_is_that_folder(tmp_path, make_repository, monkeypatch):
    """GitPython would otherwise expand $HOME in the path and open another repository."""
    make_repository(tmp_path / "$HOME", {"inside": b""})
    monkeypatch.chdir(tmp_path)

    with KernelTree.open(Path("$HOME")) as tree:
        assert ["inside"] == list(tree.blobs())


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("where", "revision", "words"),
    [
        ("nowhere", "HEAD", "there is no folder"),
        ("file", "HEAD", "/file is a file; --kernel takes the top folder"),
        ("plain", "HEAD", "not the top of a git repository"),
        ("linux/fs", "HEAD", "/linux, if you mean it, clone one, or make one"),
        ("linux", "v9.9", "has no revision 'v9.9'"),
        ("linux", "--output=pwned", "has no revision '--output=pwned'"),
        ("linux", "HEAD:fs/a.c", "names a file or folder"),
        ("linux", "", "has no revision"),
        ("linux", "a\0b", "embedded null byte"),
        ("empty", "HEAD", "has no revision 'HEAD'"),
    ],
)
def test_what_is_no_kernel_revision_is_said_in_one_sentence(tmp_path, where, revision, words):
    """A wrong --kernel or --rev is the user's first mistake and must not end in a traceback."""
    (tmp_path / "plain").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q")

    with pytest.raises(KernelTreeError) as caught:
        KernelTree.open(tmp_path / where, revision)

    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.rglob("pwned"))


def test_a_missing_file_is_named(repository):
    """`no locking.rst` is bad input, not a KeyError."""
    with KernelTree.open(repository) as tree, pytest.raises(KernelTreeError, match=r"no file fs/b\.c at revision HEAD"):
        tree.read("fs/b.c")


def test_many_blobs_come_in_order(tmp_path, make_repository):
    """Batches are read ahead; a mix-up would attach one file's facts to another."""
    texts = {f"f{number:04}": b"%d\n" % number * (number % 7) for number in range(1100)}
    folder = make_repository(tmp_path / "linux", texts)

    with KernelTree.open(folder) as tree:
        oids = [tree.blobs()[path].oid for path in texts]
        read = list(tree.read_blobs(iter(oids)))

    assert list(zip(oids, texts.values(), strict=True)) == read


def test_reading_blobs_can_be_given_up(tmp_path, make_repository):
    """Ctrl-C in the middle of the index must not hang on the reader thread."""
    folder = make_repository(tmp_path / "linux", {f"f{number}": b"%d" % number for number in range(600)})

    with KernelTree.open(folder) as tree:
        reading = tree.read_blobs([blob.oid for blob in tree.blobs().values()])
        next(reading)
        reading.close()

        assert list(tree.read_blobs([])) == []


def test_a_blob_that_is_not_there_is_an_error(repository):
    """In a partial clone a missing blob must not become an empty file."""
    oid = git(repository, "rev-parse", "HEAD:fs/a.c")
    (repository / ".git/objects" / oid[:2] / oid[2:]).unlink()

    with KernelTree.open(repository) as tree:
        with pytest.raises(KernelTreeError, match=f"lacks the blob {oid}"):
            list(tree.read_blobs([oid]))
        with pytest.raises(KernelTreeError, match=f"lacks the blob {oid}"):
            tree.read("fs/a.c")
        assert tree.read("Makefile") == b"VERSION = 6\n"


def test_a_tree_is_no_blob(repository):
    """cat-file prints any object, and a folder is no C file."""
    with KernelTree.open(repository) as tree, pytest.raises(KernelTreeError, match="lacks the blob"):
        list(tree.read_blobs([tree.tree]))


def test_nothing_is_changed_by_reading(repository):
    """The user's HEAD, index and files are theirs; even `git status` rewrites the index if one lets it."""
    (repository / "fs/a.c").write_bytes(b"int staged;\n")
    git(repository, "add", "fs/a.c")
    (repository / "fs/a.c").write_bytes(b"int a;\n")
    os.utime(repository / "fs/a.c", (1, 1))
    before = {path: (path.lstat().st_mtime_ns, path.read_bytes()) for path in repository.rglob("*") if path.is_file()}

    with KernelTree.open(repository) as tree:
        state = tree.state()
        tree.read("fs/a.c")
        list(tree.read_blobs([tree.blobs()["Makefile"].oid]))
        tree.identity()
        assert state == tree.state()

    after = {path: (path.lstat().st_mtime_ns, path.read_bytes()) for path in repository.rglob("*") if path.is_file()}
    assert before == after


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: git(folder, "commit", "-q", "--allow-empty", "-m", "another"),
        lambda folder: git(folder, "checkout", "-q", "-b", "another"),
        lambda folder: (folder / "untracked").write_text(""),
        lambda folder: (folder / "Makefile").write_text("other"),
        lambda folder: git(folder, "rm", "-q", "--cached", "Makefile"),
    ],
    ids=["commit", "branch", "untracked", "edited", "index"],
)
def test_every_change_of_the_checkout_shows_in_its_state(repository, change):
    """The assertion `nothing was touched` is worth nothing if the state cannot differ."""
    with KernelTree.open(repository) as tree:
        before = tree.state()
        change(repository)

        assert before != tree.state()


def test_the_repository_cannot_run_programs(repository, tmp_path):
    """A checkout from elsewhere may name an fsmonitor or hooks in its configuration."""
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/pwned\n")
    trap.chmod(0o755)
    git(repository, "config", "core.fsmonitor", str(trap))
    git(repository, "config", "core.hooksPath", str(tmp_path))

    with KernelTree.open(repository) as tree:
        tree.state()
        tree.blobs()

    assert not (tmp_path / "pwned").exists()


def test_the_environment_does_not_name_the_repository(repository, tmp_path, make_repository, monkeypatch):
    """Run from a git hook or alias, GIT_DIR points to another repository."""
    other = make_repository(tmp_path / "other", {"other": b""})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))

    with KernelTree.open(repository) as tree:
        assert {"fs/a.c", "Makefile"} == set(tree.blobs())


def test_replaced_objects_are_not_believed(repository):
    """refs/replace lets a commit show another tree than the one its id stands for."""
    oid = git(repository, "rev-parse", "HEAD:fs/a.c")
    other = git(repository, "rev-parse", "HEAD:Makefile")
    git(repository, "replace", oid, other)

    with KernelTree.open(repository) as tree:
        assert tree.read("fs/a.c") == b"int a;\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of another owner")
def test_somebody_elses_repository_needs_the_users_word(repository):
    """git refuses repositories of others because their configuration runs programs; so do we, with git's way out."""
    for path in [repository, *repository.rglob("*")]:
        os.chown(path, 12345, 12345)

    with pytest.raises(KernelTreeError, match=r"dubious ownership.*safe.directory"):
        KernelTree.open(repository)

    git("/", "config", "--global", "--add", "safe.directory", str(repository))
    try:
        with KernelTree.open(repository) as tree:
            assert tree.read("fs/a.c") == b"int a;\n"
    finally:
        git("/", "config", "--global", "--unset-all", "safe.directory")


def test_the_user_is_who_the_configuration_says(repository):
    """The series is sent under this name; the repository's own setting wins over the user's."""
    with KernelTree.open(repository) as tree:
        assert tree.identity() == Person("Test Person", "person@test.example")
        git(repository, "config", "user.name", "Jérôme  É")
        assert tree.identity() == Person("Jérôme É", "person@test.example")


def test_an_unknown_user_is_nobody(repository, tmp_path, monkeypatch):
    """git would make up root@host, which must not become an author."""
    monkeypatch.setenv("HOME", str(tmp_path))

    with KernelTree.open(repository) as tree:
        assert tree.identity() is None


def test_gits_own_words_are_passed_on(repository):
    """Without them nobody can tell what was wrong."""
    with KernelTree.open(repository) as tree, pytest.raises(KernelTreeError, match=r"git cat-file failed .*fatal"):
        tree.git("cat-file", "blob", "0" * 40)


def children():
    """The processes that this one has started and not waited for; those of other tests may be among them."""
    texts = [(task / "children").read_text() for task in Path("/proc/self/task").iterdir()]
    return set(" ".join(texts).split())


def test_one_git_reads_all_blobs(tmp_path, make_repository, monkeypatch):
    """A process for every file took a tenth of a whole scan."""
    folder = make_repository(tmp_path / "linux", {f"f{number}": b"%d" % number for number in range(50)})
    before = children()
    with KernelTree.open(folder) as tree:
        tree.blobs()
        monkeypatch.setattr(tree, "run_git", None)
        assert [tree.read(f"f{number}") for number in range(50)] == [b"%d" % number for number in range(50)]
        assert len(children() - before) == 1

    assert children() <= before


def test_an_exchange_that_is_cut_short_does_not_mix_up_the_next(repository, monkeypatch):
    """Ctrl-C between two answers: the next file must not get the bytes of the last."""
    with KernelTree.open(repository) as tree:
        tree.read("Makefile")
        monkeypatch.setattr(tree._reader._git, "bytes", lambda size: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tree.read("fs/a.c")
        assert tree.read("Makefile") == b"VERSION = 6\n"


def test_a_git_that_dies_is_told_and_started_again(repository):
    """The kernel may kill it for want of memory."""
    with KernelTree.open(repository) as tree:
        tree.read("Makefile")
        tree._reader._git._process.kill()
        tree._reader._git._process.wait()
        with pytest.raises(KernelTreeError, match=r"git cat-file failed in .*: it has ended"):
            tree.read("fs/a.c")
        assert tree.read("fs/a.c") == b"int a;\n"


def test_no_process_stays_behind(repository):
    """GitPython keeps two cat-file processes for every repository that is not closed."""
    before = children()
    with KernelTree.open(repository) as tree:
        tree.identity()

    assert children() <= before


def test_words_are_found_as_an_expression_finds_them(make_repository, tmp_path):
    """The quick way of looking for words must see neither more nor less: a caller that is missed is not examined."""
    text = b"get(x);\nforget(x);\nget_it(x);\nx->get = put;\n\tput (y);\n/* get */\n"
    with KernelTree.open(make_repository(tmp_path / "k", {"a.c": text})) as tree:
        quick = tree.grep(r"\b(get|put)\b", "*.c")
        slow = tree.grep(r"(^|[^A-Za-z0-9_])(get|put)($|[^A-Za-z0-9_])", "*.c")

    assert [1, 4, 5, 6] == [line for _, line, _ in quick]
    assert quick == slow


def test_files_are_found_by_the_words_that_they_name(tmp_path, make_repository):
    """Each file of drivers/ would have to be read for the callers of one function."""
    files = {"fs/a.c": b"moor(1); sound(2);\n", "drivers/a:b.c": b"moor(1); moored(2);\n", "drivers/b.h": b"moor\n"}
    with KernelTree.open(make_repository(tmp_path / "linux", files)) as tree:
        expected = {"fs/a.c": {"moor", "sound"}, "drivers/a:b.c": {"moor"}}
        assert expected == tree.naming(["sound", "moor", "lower"], "*.c")
        assert {} == tree.naming(["lower"], "*.c")
        assert {} == tree.naming([], "*.c")
