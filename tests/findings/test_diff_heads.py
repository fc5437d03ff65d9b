"""Names in the heads of diffs: `git apply` and `patch` find the file, and no other."""

import os
import subprocess

import pytest

from cocci_gen.findings.diff_heads import side_name
from cocci_gen.findings.findings import Edit, unified_diff
from cocci_gen.port.texts.unified import diff_of

NAMES = [
    b"plain.c",
    b"a blank.c",
    b"a\ttab.c",
    b"a\n+++ b/other.c",
    b'"quoted".c',
    b"back\\slash.c",
    b"\x1b[31mred\x07.c",
    b"\xff\xfe.c",
    "birch-\u00e4.c".encode(),
    "\u202ertl.c".encode(),
    b"--output=x.c",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_git_finds_the_file_and_no_other(name, tmp_path, make_repository):
    """A line feed in a name made up a head of its own, for a file of the tree's choice; a blank cut the name off."""
    tree = make_repository(tmp_path / "tree", {name: b"old\n", b"other.c": b"old\n"})
    path = os.fsdecode(name)
    for diff in (
        unified_diff(path, b"old\n", [Edit(1, (b"old\n",), (b"new\n",))]).encode("utf-8", "surrogateescape"),
        diff_of(path, b"old\n", b"new\n"),
    ):
        subprocess.run(["git", "apply", "-"], cwd=tree, input=diff, check=True)
        assert b"new\n" == (tree / path).read_bytes()
        assert name == b"other.c" or b"old\n" == (tree / "other.c").read_bytes()
        subprocess.run(["git", "checkout", "-q", "."], cwd=tree, check=True)


def test_a_plain_name_stays_plain():
    """Editors and people read the heads too."""
    assert "a/fs/b\u00e4r.c" == side_name("a", "fs/b\u00e4r.c")
    assert r'"b/x\n\033\377.c"' == side_name("b", "x\n\x1b\udcff.c")
