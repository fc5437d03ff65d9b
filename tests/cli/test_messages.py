"""The first mistakes of a new user, at the command line: each is named at once, with the way out, before anything is scanned."""

import subprocess

import pytest

RULE = "*.read_folio.unlocks"


def git(folder, *words):
    """git ARGS in a folder."""
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def linux(tmp_path_factory, corpus, make_repository):
    """A kernel with a breach, a tag, and leave to clone it in part; its folder is where the commands run."""
    every = corpus.kernel("6.1")
    kept = {path: text for path, text in every.items() if not path.startswith("fs/")}
    path = "fs/early-error-return/read_folio_unlocks.c"
    root = make_repository(tmp_path_factory.mktemp("messages") / "linux", {**kept, path: every[path]})
    git(root, "config", "uploadpack.allowFilter", "true")
    git(root, "tag", "v1")
    git(root, "commit", "-q", "--allow-empty", "-m", "two")
    return root


@pytest.fixture
def scan(linux, cocci_gen_says, monkeypatch):
    """scan(*words) -> exit code, stdout, stderr of `cocci-gen scan`; the kernel is `linux` where it is not said."""
    monkeypatch.chdir(linux.parent)

    def say(*words):
        kernel = () if "--kernel" in words else ("--kernel", "linux")
        return cocci_gen_says("scan", *kernel, "--cache", "cache", "-o", "out", *words)

    return say


def cloned(linux, name, *words):
    """A clone of the kernel with options of git clone, beside it."""
    git(linux.parent, "clone", "-q", *words, f"file://{linux}", name)
    return linux.parent / name


def test_a_partial_clone_is_named_before_the_scan(linux, scan):
    """With what it lacks and the command that brings it, not with the name of a blob."""
    place = cloned(linux, "partial", "--filter=blob:none", "--bare")
    code, out, err = scan("--kernel", "partial")

    assert (2, "") == (code, out)
    assert f"cocci-gen: {place} is a partial clone (remote.origin.partialclonefilter=blob:none): " in err
    assert f"`git -C {place} fetch --refetch --no-filter` brings them" in err


def test_a_shallow_clone_says_how_more_comes(linux, scan):
    """A tag that is on the server looks like a typo here."""
    place = cloned(linux, "shallow", "--depth=1")
    code, _, err = scan("--kernel", "shallow", "--rev", "v1")

    assert 2 == code
    assert f"{place} is a shallow clone and has no revision 'v1'" in err
    assert f"`git -C {place} fetch --depth=1 origin v1` may bring it" in err


def test_a_bare_repository_without_a_configuration_is_itself(linux, scan, need):
    """git would look for a repository further up, and another kernel would be scanned."""
    need("spatch")
    git(linux.parent, "init", "-q")  # that is what lies further up
    place = cloned(linux, "bare.git", "--bare")
    (place / "config").unlink()
    code, out, _ = scan("--kernel", "bare.git", "--rule", RULE)

    assert 1 == code
    assert "fs/early-error-return/read_folio_unlocks.c:" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("--rule", "unlock"),
            "--rule 'unlock' matches no obligation that has a rule in this tree; did you mean unlocks",
        ),
        (("--rule", "*.writpage.*"), "did you mean writepage.*"),
        (("--rule", "fs/early-error-return"), "that looks like a path: --path fs/early-error-return"),
        (("--path", "fs/early-eror-return"), "did you mean fs/early-error-return?"),
        (("--path", "unlocks"), "--path 'unlocks': there is no such file or folder at HEAD"),
        (("--path", "/somewhere/else"), "--path '/somewhere/else'"),
    ],
)
def test_a_misspelt_word_is_answered_with_what_was_meant(scan, words, says):
    """In a line that can be read, and the option that is wrong is blamed."""
    code, out, err = scan(*words)
    said = [line for line in err.splitlines() if line.startswith("cocci-gen: ")]

    assert (2, "", 1) == (code, out, len(said))
    assert says in said[0]
    assert len(said[0]) < 700


@pytest.mark.parametrize(
    "path",
    [
        "fs/early-error-return",
        "fs/early-error-return/",
        "./fs/early-error-return/",
        "fs//early-error-return/.",
        "{root}/fs/",
    ],
)
def test_a_path_may_be_spelt_as_a_shell_completes_it(linux, scan, need, path):
    """Tab makes slashes, editors make absolute paths."""
    need("spatch")

    assert "bound         1 function in 1 file" in scan("--rule", RULE, "--path", path.format(root=linux))[1]


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("/proc/out", "nothing can be written in /proc (No such file or directory); name another folder"),
        ("linux/out", "the output linux/out lies in "),
        ("linux", "which is only read; choose a folder outside of it"),
    ],
)
def test_an_output_that_cannot_be_is_told_before_the_scan(linux, scan, out, says):
    """Minutes later is too late, and a checkout is not written to."""
    code, printed, err = scan("-o", out)

    assert 2 == code
    assert says in err
    assert "facts" not in err
    assert "findings" not in printed
    assert ["Documentation", "MAINTAINERS", "Makefile", "fs", "include"] == sorted(
        path.name for path in linux.iterdir() if path.name != ".git"
    )


def test_a_scheduler_that_nobody_needs_is_told(scan, need):
    """On a warm cache a cluster that is down looks like one that works."""
    need("spatch")
    scan("--rule", RULE)
    code, _, err = scan("--rule", RULE, "--scheduler", "tcp://127.0.0.1:9")

    assert 1 == code
    assert "note: everything was in the cache, so tcp://127.0.0.1:9 was asked nothing" in err


def test_how_many_are_signed_and_what_branches_there_are(linux, scan, cocci_gen_says, need):
    """What was accepted is signed, counted, and can be taken over by b4; one patch is `1 patch`."""
    need("spatch")
    scan("--rule", RULE)
    before = cocci_gen_says("series", "out", "--signoff")[1]
    unsigned = cocci_gen_says("series", "out", "--make-branches", "raw")[2]
    listed = cocci_gen_says("review", "out", "--list")[1].split()
    cocci_gen_says("review", "out", "--accept", listed[0], "--baseline", "mine.toml")
    code, out, err = cocci_gen_says("series", "out", "--signoff", "--make-branches", "fixes", "--baseline", "mine.toml")

    assert "signed        0 of 1 patch; of the others not all findings are accepted in review" in before
    assert 0 == code
    assert "signed        1 of 1 patch\n" in out
    assert "note: the commits of the branches are not all signed off" in unsigned
    assert "not all signed off" not in err
    assert "branch        fixes/corpus-filesystems (b4 " in out
    assert "series        1 with 1 patch in out/series" in out
    git(linux, "rev-parse", "--verify", "fixes/corpus-filesystems")
