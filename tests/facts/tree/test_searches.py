"""What a search found is kept by tree, and brought up to date by what differs."""

import subprocess

import pytest

from cocci_gen.facts.tree.searches import SearchStore
from cocci_gen.kernel.layers import LayeredTree
from cocci_gen.kernel.tree import KernelTree


@pytest.fixture
def repository(tmp_path, make_repository):
    """Two commits: a file changes, one goes, one comes."""
    root = make_repository(
        tmp_path / "tree", {"a.c": b"x\ngrab(1)\n", "b.c": b"grab(2)\n", "c.h": b"grab(3)\n", "d.txt": b"grab(4)\n"}
    )
    (root / "a.c").write_bytes(b"grab(5)\nx\n")
    (root / "b.c").unlink()
    (root / "n.c").write_bytes(b"grab(6)\n")
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    subprocess.run(["git", "commit", "-qm", "second"], cwd=root, check=True)
    return root


def test_the_next_tree_is_searched_in_what_it_changed_only(repository, tmp_path, monkeypatch):
    """A search of a whole kernel by git takes seconds, and each commit would need a dozen."""
    store = SearchStore(tmp_path / "cache")
    with KernelTree.open(repository, "HEAD~1") as old, KernelTree.open(repository) as new:
        first = store.hits(old, r"grab\(")
        expected = new.grep(r"grab\(", "*.c", "*.h")
        monkeypatch.setattr(KernelTree, "grep", None)

        assert (("a.c", 2, "grab(1)"), ("b.c", 1, "grab(2)"), ("c.h", 1, "grab(3)")) == first
        assert (
            expected
            == store.hits(new, r"grab\(")
            == (("a.c", 1, "grab(5)"), ("c.h", 1, "grab(3)"), ("n.c", 1, "grab(6)"))
        )
        assert first == store.hits(old, r"grab\(")
    store.close()


def test_a_tree_of_another_repository_proves_nothing(repository, tmp_path, make_repository):
    """What differs is not known, so it is searched anew."""
    store = SearchStore(tmp_path / "cache")
    other = make_repository(tmp_path / "other", {"z.c": b"grab(9)\n"})
    with KernelTree.open(repository) as one, KernelTree.open(other) as two:
        store.hits(one, "grab")
        assert (("z.c", 1, "grab(9)"),) == store.hits(two, "grab")
    store.close()


def test_a_store_that_cannot_be_used_costs_time_alone(repository, tmp_path):
    """A full disk must not end a scan that could do without."""
    (tmp_path / "file").write_bytes(b"")
    store = SearchStore(tmp_path / "file")
    with KernelTree.open(repository) as tree:
        assert 3 == len(store.hits(tree, "grab"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/searches-1.sqlite").write_bytes(b"no database" * 100)
    with KernelTree.open(repository) as tree:
        assert 3 == len(SearchStore(tmp_path / "cache").hits(tree, "grab"))


def test_a_layer_is_searched_over_what_is_known(repository, tmp_path):
    """A module, or a patch, is not in the repository."""
    store = SearchStore(tmp_path / "cache")
    with KernelTree.open(repository) as tree:
        layered = LayeredTree(tree, {"a.c": b"", "m.c": b"\ngrab(7)\n"}, ["n.c"])
        found = layered.grep_over(store.hits(tree, "grab"), "grab", "*.c", "*.h")

        assert (("c.h", 1, "grab(3)"), ("m.c", 2, "grab(7)")) == found == layered.grep("grab", "*.c", "*.h")
    store.close()
