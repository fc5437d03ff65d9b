"""Clones that lack something, and repositories that lack a file of their own: named before a scan begins."""

import subprocess

import pytest

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.completeness import check_complete
from cocci_gen.kernel.tree import KernelTree


def git(*words, cwd):
    """Run git."""
    subprocess.run(["git", *words], cwd=cwd, capture_output=True, check=True)


@pytest.fixture
def origin(tmp_path, make_repository):
    """A repository with two commits that allows partial clones."""
    root = make_repository(tmp_path / "origin", {"fs/a.c": b"int a;\n", "fs/b.c": b"int b;\n"})
    git("config", "uploadpack.allowFilter", "true", cwd=root)
    (root / "fs/a.c").write_bytes(b"int a2;\n")
    git("commit", "-qam", "second", cwd=root)
    return root


def cloned(origin, *words):
    """A clone with options."""
    place = origin.parent / "clone"
    git("clone", "-q", *words, f"file://{origin}", str(place), cwd=origin.parent)
    return place


def test_a_partial_clone_is_named_with_the_way_out(origin):
    """Half way through a scan of minutes, or at the series, is too late."""
    place = cloned(origin, "--filter=blob:none", "--bare")
    with KernelTree.open(place) as tree, pytest.raises(KernelTreeError) as raised:
        check_complete(tree)

    assert f"{place} is a partial clone (remote.origin.partialclonefilter=blob:none): 2 of 2 files of HEAD" in str(
        raised.value
    )
    assert f"`git -C {place} fetch --refetch --no-filter` brings them" in str(raised.value)


def test_a_partial_clone_that_has_what_is_asked_for_is_good_enough(origin):
    """A checkout has brought all files of its revision."""
    with KernelTree.open(cloned(origin, "--filter=blob:none")) as tree:
        check_complete(tree)


def test_a_treeless_clone_is_named_too(origin):
    """git's own words speak of a tree that it cannot read."""
    place = cloned(origin, "--filter=tree:0", "--bare")
    with pytest.raises(KernelTreeError, match=r"is a partial clone .*: the folders of HEAD are not here"):
        KernelTree.open(place)


def test_a_complete_clone_costs_nothing(origin):
    """Only the configuration is looked at."""
    with KernelTree.open(cloned(origin)) as tree:
        assert "" == tree.partial()
        check_complete(tree)


def test_a_shallow_clone_says_how_an_older_revision_comes(origin):
    """`git tag` lists nothing there."""
    place = cloned(origin, "--depth=1")
    with pytest.raises(KernelTreeError) as raised:
        KernelTree.open(place, "v6.1")

    assert f"{place} is a shallow clone and has no revision 'v6.1'" in str(raised.value)
    assert "fetch --depth=1 origin v6.1" in str(raised.value)


def test_a_bare_repository_without_configuration_is_itself(origin):
    """Git takes the repository above it instead, silently."""
    place = origin / "inner.git"
    git("clone", "-q", "--bare", f"file://{origin}", str(place), cwd=origin)
    (place / "config").unlink()
    git("update-ref", "refs/heads/main", "HEAD~1", cwd=place)
    with KernelTree.open(place) as tree:
        assert place == tree.root
        assert b"int a;\n" == tree.read("fs/a.c")
