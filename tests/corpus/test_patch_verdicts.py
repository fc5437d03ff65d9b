"""Verdicts of readers on patches: read strictly, counted by reader, and dead with the code or the message that they speak of."""

import json

import pytest

from cocci_gen.corpus.patch_verdicts import (
    Taken,
    made_patches,
    patch_shares,
    read_patch_verdicts,
    shares_to_json,
    shares_to_text,
    unread_patches,
)
from cocci_gen.corpus.records import RecordsError

ENTRY = """
[[patch]]
file = "fs/demo/file.c"
functions = ["demo_writepage"]
kind = "unlocks"
code = "0123456789abcdef"
message = "fedcba9876543210"
reader = "a reader"
verdict = "as is"
reason = "read"
"""


def written(folder, text):
    """The verdicts in a file of this text."""
    (folder / "linux-6.1.toml").write_text(text)
    return read_patch_verdicts(folder, "linux-6.1")


def test_the_share_of_each_reader(tmp_path):
    """Two readers of two states must not be added up."""
    other = ENTRY.replace("a reader", "another")
    found = written(tmp_path, ENTRY + ENTRY.replace('"as is"', '"no"') + other)

    first, second = patch_shares(found)
    assert (first.read, first.as_is, second.read, second.as_is) == (2, 0.5, 1, 1.0)
    assert shares_to_json([first]) == {"a reader": {"read": 2, "as is": 1, "edits": 0, "no": 1, "share": 0.5}}
    assert "50.0%" in shares_to_text("linux-6.1", [first])


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('verdict = "as is"', 'verdict = "good"', "verdict is one of as is, edits, no"),
        ('reader = "a reader"', 'reader = ""', "has no 'reader'"),
        ('functions = ["demo_writepage"]', "functions = 3", "has no 'functions'"),
        ("[[patch]]", "[patch]", "is no list of tables"),
        ("[[patch]]", "[[patch", "is no TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, complaint):
    """A verdict that is not read as it was meant makes the share a lie."""
    with pytest.raises(RecordsError, match=complaint.replace("[", r"\[")):
        written(tmp_path, ENTRY.replace(old, new))


def test_a_tree_without_verdicts_on_patches(tmp_path):
    """Modules have findings only."""
    assert written(tmp_path, "") == ()
    with pytest.raises(RecordsError, match="cannot be read"):
        read_patch_verdicts(tmp_path, "linux-9.9")


@pytest.mark.parametrize(
    ("change", "unread"),
    [
        ({}, False),
        ({"made_code": "other"}, True),
        ({"made_message": "other words"}, True),
        ({"kind": "prototype"}, False),
    ],
)
def test_a_patch_that_has_changed_is_unread(tmp_path, change, unread):
    """A verdict on what the patch was says nothing of what it is; prototypes of a document are not code."""
    one = {"subject": "s", "paths": ["fs/demo/file.c"], "kind": "unlocks", "made_code": "c0de", "made_message": "words"}
    path = tmp_path / "series.json"
    path.write_text(json.dumps({"series": [{"patches": [one]}]}))
    [known] = made_patches(path)
    verdicts = written(
        tmp_path, ENTRY.replace("0123456789abcdef", known.code).replace("fedcba9876543210", known.message)
    )
    assert verdicts[0].taken is Taken.AS_IS

    path.write_text(json.dumps({"series": [{"patches": [one | change]}]}))
    assert bool(unread_patches(made_patches(path), verdicts)) == unread


@pytest.mark.parametrize("text", ["{", "[]", '{"series": [{"patches": [{}]}]}'])
def test_what_is_no_list_of_series(tmp_path, text):
    """Any file may be named."""
    path = tmp_path / "series.json"
    path.write_text(text)
    with pytest.raises(RecordsError, match="is no list of series"):
        made_patches(path)
