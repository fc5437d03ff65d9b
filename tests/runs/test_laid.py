"""What a check laid over a revision, kept with its run."""

import json
from dataclasses import replace

import pytest

from cocci_gen.errors import StorageError
from cocci_gen.kernel.applying import Applied
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.laid import Layer, committed, laid, layers_to_bytes, read_layers

ODD = b"int caf\xe9;\r\n"
LAYERS = (
    Layer("1/3", "one", "A B <a@b.example>", Applied({"fs/a.c": b"int b;\n", "fs/n.c": ODD}, frozenset())),
    Layer("2/3", "two", "not an address", Applied({"fs/n.c": ODD}, frozenset({"fs/gone.c"}))),
    Layer("3/3", "", "", Applied({"fs/a.c": b"int c;\n"}, frozenset({"fs/gone.c"}))),
)


def test_layers_come_back_as_they_went(tmp_path):
    """What is judged is what was checked, to the byte; a file that is as before is not kept as it was in between."""
    (tmp_path / "laid.json").write_bytes(layers_to_bytes(LAYERS))

    assert LAYERS == read_layers(tmp_path)
    assert 1 == layers_to_bytes(LAYERS).count(b"int caf")


def test_without_layers_the_commit_is_what_was_checked(tmp_path):
    """A check of commits, and every scan."""
    assert () == read_layers(tmp_path)


@pytest.mark.parametrize("text", [b"", b"{}", b'{"layers": [1]}', b'{"layers": [{"name": "x"}]}'])
def test_a_file_of_somebody_else_is_told(tmp_path, text):
    """Run folders are handed round."""
    (tmp_path / "laid.json").write_bytes(text)
    with pytest.raises(StorageError, match=r"laid.json cannot be read .*check the change again"):
        read_layers(tmp_path)


@pytest.mark.parametrize("name", ["<a@b>\nBcc: x@y.example", "x", "<\u00e4@b>", "<a@b> <c@d>"])
def test_a_message_id_that_is_none_goes_into_no_header(tmp_path, name):
    """Who edits the file would write headers of a mail that somebody else sends."""
    named = replace(LAYERS[0], message_id="<a@b>")
    text = layers_to_bytes([named])
    (tmp_path / "laid.json").write_bytes(text)
    (read,) = read_layers(tmp_path)
    (tmp_path / "laid.json").write_bytes(text.replace(b'"<a@b>"', json.dumps(name).encode()))
    (edited,) = read_layers(tmp_path)

    assert ("<a@b>", "") == (read.message_id, edited.message_id)


def test_layers_of_an_earlier_version_are_read(tmp_path):
    """A check of last week has no Message-IDs, and its series answers no mail."""
    rows = json.loads(layers_to_bytes(LAYERS))
    for row in rows["layers"]:
        del row["message_id"]
    (tmp_path / "laid.json").write_text(json.dumps(rows))

    assert LAYERS == read_layers(tmp_path)


def test_in_commits_the_layers_give_the_same_trees(tmp_path, make_repository):
    """A series that stands on them is made of what git has, and its readers apply it on what they have."""
    root = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\n", "fs/gone.c": b"int g;\n"})
    with KernelTree.open(root) as tree:
        tip = committed(tree, LAYERS)
        over = laid(tree, LAYERS)
        with KernelTree.open(root, tip) as last, KernelTree.open(root, f"{tip}~2") as first:
            assert {path: over.read(path) for path in over.blobs()} == {path: last.read(path) for path in last.blobs()}
            assert (b"int b;\n", ODD, b"int g;\n") == tuple(map(first.read, ("fs/a.c", "fs/n.c", "fs/gone.c")))
        assert b"A B <a@b.example>\none\n" == tree.git("show", "-s", "--format=%an <%ae>%n%s", f"{tip}~2")
        assert tree.commit == tree.resolve("HEAD") == tree.resolve(f"{tip}~3")
