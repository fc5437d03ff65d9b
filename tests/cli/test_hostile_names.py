"""Names of files that a tree chose to fool who reads the findings, from the scan to the screen."""

import os
import re
import shutil
import subprocess

import pytest

CASE = "fs/early-error-return/read_folio_unlocks.c"
FORGED = "fs/x\nfs/good.c:1: high: made up [read_folio.unlocks 00000000]\n.c"
NAMES = (
    FORGED,
    "fs/\x1b]0;title\x07.c",
    "fs/--output=x.c",
    "fs/a blank.c",
    "fs/\udcff.c",
    "fs/\u202ertl.c",
    'fs/"quote\\.c',
)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory, corpus, make_repository, cocci_gen_says, need):
    """A tree of such names, the folder of its run, and what the scan said."""
    need("spatch")
    folder = tmp_path_factory.mktemp("names")
    every = corpus.kernel("6.1")
    files = {path: text for path, text in every.items() if not path.startswith("fs/")}
    for number, name in enumerate(NAMES):
        files[os.fsencode(name)] = every[CASE].replace(b"alder", b"alder%d" % number)
    tree = make_repository(folder / "tree", files)
    words = ("--rule", "*.read_folio.unlocks", "--cache", folder / "cache", "-j", 1)
    return tree, folder / "run", cocci_gen_says("scan", "--kernel", tree, "-o", folder / "run", *words)


def test_a_name_makes_up_no_line(scanned, cocci_gen_says):
    """An editor jumps to what the tree wants to be looked at, a script counts a finding that is none."""
    _, run, (_, said, _) = scanned
    _, listed, _ = cocci_gen_says("findings", run)
    _, explained, _ = cocci_gen_says("explain", run, "alder0_read_folio")

    for text in (said, listed, explained):
        assert not re.search(r"^fs/good\.c", text, re.MULTILINE)
        assert all(character.isprintable() or character == "\n" for character in text)
    assert len(NAMES) == len(listed.splitlines())


def test_a_change_makes_up_no_line(scanned, cocci_gen_says, tmp_path):
    """The patch that a maintainer checks is a stranger's, and so are the names in it."""
    tree = shutil.copytree(scanned[0], tmp_path / "tree", symlinks=True)
    for words in (("rm", "-rqf", "--cached", "fs"), ("commit", "-qm", "all of it is uncommitted")):
        subprocess.run(["git", *words], cwd=tree, check=True)
    words = ("--rule", "*.read_folio.unlocks", "--cache", tmp_path / "cache", "-j", 1)
    code, said, _ = cocci_gen_says("check", "--kernel", tree, "--worktree", *words)

    assert 1 == code
    assert len(NAMES) == sum(line.startswith("  new   ") for line in said.splitlines())
    assert not re.search(r"^fs/good\.c", said, re.MULTILINE)
    assert all(character.isprintable() or character == "\n" for character in said)


def test_a_night_makes_up_no_line(cocci_gen_says, tmp_path):
    """Why a tree could not be read is told in words of the tree, one line for each of them."""
    place = "no tree\\nfs/good.c:1: high: made up"
    (tmp_path / "batch.toml").write_text(
        f'output = "nightly"\n[[tree]]\npath = "{place}"\nname = "x"\nrevisions = ["HEAD"]\n'
    )
    _, said, _ = cocci_gen_says("batch", tmp_path / "batch.toml")

    assert "FAILED" in said
    assert not re.search(r"^fs/good\.c", said, re.MULTILINE)


def test_the_diff_of_such_a_name_changes_that_file(scanned):
    """`patch -p1 < out/diffs/...` would change another one, or none."""
    tree, run, _ = scanned
    for diff in sorted((run / "diffs").iterdir()):
        subprocess.run(["git", "apply", diff], cwd=tree, check=True)
    changed = subprocess.run(["git", "diff", "--name-only", "-z"], cwd=tree, capture_output=True, check=True).stdout

    assert set(NAMES) == {os.fsdecode(name) for name in changed.split(b"\0") if name}


def test_what_is_new_and_what_is_gone_make_up_no_line(scanned, cocci_gen_says, tmp_path):
    """A night names both, keeps what is gone until it is told, and reads that again: no name may cost the tree a night."""
    tree = shutil.copytree(scanned[0], tmp_path / "tree", symlinks=True)
    (tmp_path / "batch.toml").write_text(
        'output = "nightly"\ncache = "cache"\njobs = 1\n'
        '[[tree]]\npath = "tree"\nrules = ["*.read_folio.unlocks"]\nrevisions = ["main"]\n'
    )
    _, first, _ = cocci_gen_says("batch", tmp_path / "batch.toml")
    for words in (("rm", "-rqf", "fs"), ("commit", "-qm", "all of it is gone")):
        subprocess.run(["git", *words], cwd=tree, check=True)
    _, second, _ = cocci_gen_says("batch", tmp_path / "batch.toml")
    _, third, _ = cocci_gen_says("batch", tmp_path / "batch.toml")

    for said, word in ((first, "  new   "), (second, "  gone  ")):
        assert len(NAMES) == sum(line.startswith(word) for line in said.splitlines())
        assert not re.search(r"^fs/good\.c", said, re.MULTILINE)
        assert all(character.isprintable() or character == "\n" for character in said)
    assert "0 new, 0 gone" in third or "1 unchanged, 0 new findings, 0 gone" in third
