"""Files in memory over a tree: what reads the tree sees them, git and the repository do not."""

import hashlib
import subprocess

import pytest

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.layers import LayeredTree, object_name
from cocci_gen.kernel.tree import KernelTree


@pytest.fixture
def repository(tmp_path, make_repository):
    """A tree of three files."""
    return make_repository(tmp_path / "tree", {"fs/a.c": b"int a;\n", "fs/b.c": b"int b;\n", "fs/c.h": b"int c;\n"})


def test_what_is_laid_over_stands_in_place_of_what_is_below(repository):
    """A layer that was not read would scan the old text."""
    with LayeredTree(
        KernelTree.open(repository), {"fs/a.c": b"long a;\n", "fs/new.c": b"int n;\n"}, ["fs/b.c"]
    ) as tree:
        assert {"fs/a.c", "fs/c.h", "fs/new.c"} == set(tree.blobs())
        assert (b"long a;\n", b"int c;\n") == (tree.read("fs/a.c"), tree.read("fs/c.h"))
        names = [blob.oid for blob in tree.blobs().values()]
        assert [(name, tree.read(path)) for path, name in zip(tree.blobs(), names, strict=True)] == list(
            tree.read_blobs(names)
        )
        with pytest.raises(KernelTreeError, match=r"no file fs/b\.c any more"):
            tree.read("fs/b.c")


def test_names_of_objects_are_those_of_git(repository):
    """Else nothing that a cache knows of a file would serve it once it is committed."""
    with KernelTree.open(repository) as tree:
        assert tree.blobs()["fs/a.c"].oid == object_name(b"int a;\n")


def test_a_search_sees_the_layer_and_not_what_it_hides(repository):
    """A caller in a changed file would be missed, or one that is gone be told."""
    with LayeredTree(
        KernelTree.open(repository), {"fs/a.c": b"x\nlong a;\n", "d/n.txt": b"int n;\n"}, ["fs/b.c"]
    ) as tree:
        assert (("fs/a.c", 2, "long a;"), ("fs/c.h", 1, "int c;")) == tree.grep(r"(int|long) [a-z]", "*.c", "*.h")


def test_nothing_is_written(repository):
    """The repository is the user's."""
    seen = lambda: {p: hashlib.sha1(p.read_bytes()).hexdigest() for p in repository.rglob("*") if p.is_file()}  # noqa: E731
    before = seen()
    with LayeredTree(KernelTree.open(repository), {"fs/a.c": b"long a;\n"}) as tree:
        tree.grep("a", "*.c")
        list(tree.read_blobs(blob.oid for blob in tree.blobs().values()))
    assert before == seen()
    assert (
        "" == subprocess.run(["git", "status", "-s"], cwd=repository, capture_output=True, text=True, check=True).stdout
    )


def test_the_tree_id_tells_layers_apart(repository):
    """A remembered scan must not be that of another layer."""
    with KernelTree.open(repository) as tree:
        ids = {
            tree.tree,
            LayeredTree(tree, {"fs/a.c": b"1"}).tree,
            LayeredTree(tree, {"fs/a.c": b"2"}).tree,
            LayeredTree(tree, {}, ["fs/a.c"]).tree,
            LayeredTree(tree, {"m/a.c": b"1"}, folder="m").tree,
        }
        assert 5 == len(ids)
        assert LayeredTree(tree, {"fs/a.c": b"1"}).tree == LayeredTree(tree, {"fs/a.c": b"1"}).tree


def test_layers_lie_on_layers(repository):
    """A series of patches is one layer on another."""
    with KernelTree.open(repository) as tree:
        upper = LayeredTree(LayeredTree(tree, {"fs/a.c": b"1", "fs/n.c": b"n"}), {"fs/a.c": b"2"}, ["fs/n.c"])
        assert b"2" == upper.read("fs/a.c")
        assert "fs/n.c" not in upper.blobs()
        assert tree is upper.base


def test_a_module_keeps_to_its_folder(repository):
    """A file elsewhere would take the place of one of the kernel's."""
    with KernelTree.open(repository) as tree, pytest.raises(KernelTreeError, match=r"fs/a\.c does not lie in m"):
        LayeredTree(tree, {"fs/a.c": b""}, folder="m")
