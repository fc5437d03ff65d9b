"""What a user types for rules and paths: close misses are answered with what was meant."""

import pytest

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.scan.asked import NothingToScan, check_paths, chosen_obligations, nearest_paths, plain_paths


def obligation(method, kind):
    """One of ->method() of that kind."""
    source = RuleSource("Documentation/filesystems/locking.rst", 1, f"{method}: x")
    return Obligation("address_space_operations", method, kind, "page", "PageLocked(page)", "x", source)


EVERY = [obligation(f"method{number}", kind) for number in range(200) for kind in ("unlocks", "no_relock")]
EVERY += [
    obligation("writepage", "unlocks"),
    obligation("read_folio", "unlocks"),
    obligation("set_page", "never_sleeps"),
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("unlock", "unlocks"),
        ("never_sleep", "never_sleeps"),
        ("writpage.*", "writepage.*"),
        ("writepage.unlock", "writepage.unlocks"),
        ("address_space_operation.writepage.unlocks", "address_space_operations.writepage.unlocks"),
        ("*.nosleep", "*.never_sleeps"),
    ],
)
def test_a_misspelt_rule_is_answered_with_the_nearest(typed, meant):
    """All ids of a kernel are 17 kB, among which nobody finds the one that was meant."""
    with pytest.raises(NothingToScan) as raised:
        chosen_obligations(EVERY, (typed,))
    words = str(raised.value)

    assert words.startswith(f"--rule {typed!r} matches no obligation that has a rule in this tree")
    assert meant in words or typed == "*.nosleep"
    assert "Kinds are never_sleeps, no_relock, unlocks" in words
    assert len(words) < 600


def test_a_path_given_as_a_rule_is_told_so():
    """The option that is wrong is the one to be blamed."""
    with pytest.raises(NothingToScan, match="that looks like a path: --path fs/ext4"):
        chosen_obligations(EVERY, ("fs/ext4",))


def test_a_rule_without_anything_that_examines_it_is_told_so():
    """It is no typo."""
    with pytest.raises(NothingToScan, match="nothing here can examine it"):
        chosen_obligations([*EVERY, obligation("writepage", "no_such_kind")], ("no_such_kind",))


@pytest.fixture
def tree(tmp_path, make_repository):
    """A tree of two files."""
    root = make_repository(tmp_path / "linux", {"fs/ext4/a.c": b"", "mm/b.c": b""})
    with KernelTree.open(root) as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        (("fs/ext4",), ("fs/ext4",)),
        (("./fs/ext4/",), ("fs/ext4",)),
        (("fs//ext4/../ext4/a.c",), ("fs/ext4/a.c",)),
        (("{root}/fs/ext4/", "mm"), ("fs/ext4", "mm")),
        ((".",), ()),
        (("{root}", "fs"), ()),
        ((), ()),
    ],
)
def test_paths_are_taken_as_people_type_them(tree, typed, plain):
    """Shells complete a slash, and editors give whole names."""
    assert plain == plain_paths(tree.root, [path.format(root=tree.root) for path in typed])
    check_paths(tree, plain)


@pytest.mark.parametrize("path", ["../x", "/etc", "fs/../../x"])
def test_a_path_outside_is_refused(tree, path):
    """It would match nothing, which looks like clean."""
    with pytest.raises(NothingToScan, match="lies outside of"):
        plain_paths(tree.root, [path])


def test_a_misspelt_path_is_answered_with_the_nearest(tree):
    """The folder stands next to it in the tree."""
    with pytest.raises(
        NothingToScan, match=r"--path 'fs/ext5': there is no such file or folder at .*; did you mean fs/ext4"
    ):
        check_paths(tree, ["fs/ext5"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ext4", "; did you mean fs/ext4?"), ("ext4/inode.c", "; did you mean fs/ext4/inode.c?"), ("Makefile", "")],
)
def test_a_path_from_further_below_is_answered_with_the_whole_one(typed, meant):
    """Who stands in fs/, or names a part of a module's repository, leaves out what is above; names that many have say nothing."""
    paths = ["fs/ext4/inode.c", *(f"fs/{name}/Makefile" for name in ("ext4", "xfs", "nfs", "smb", "ufs", "udf", "9p"))]

    assert meant == nearest_paths(paths, typed)
