"""What became of the patches that were mailed, per kind."""

import json

import pytest

from cocci_gen.errors import StorageError
from cocci_gen.runs.outcomes import outcomes, outcomes_to_json, outcomes_to_text
from cocci_gen.series.rerolls.replies import Said


def a_run(folder, *rows):
    """A run whose thread was read."""
    (folder / "series").mkdir(parents=True)
    patches = [{"kind": kind, "said": said} for kind, said in rows]
    (folder / "series" / "answers.json").write_text(json.dumps({"format": 1, "patches": patches}))
    return folder


def test_patches_are_counted_per_kind_over_all_runs(tmp_path):
    """The figure decides which kinds are worth sending."""
    one = a_run(tmp_path / "one", ("unlocks", "taken"), ("unlocks", "refused"), ("returns", "tagged"))
    two = a_run(tmp_path / "two", ("unlocks", "taken"))
    returns, unlocks = outcomes([one, two])

    assert (unlocks.kind, unlocks.answered, unlocks.count(Said.TAKEN), unlocks.count(Said.REFUSED)) == (
        "unlocks",
        3,
        2,
        1,
    )
    assert outcomes_to_json([returns])["returns"] == {"refused": 0, "taken": 0, "tagged": 1, "commented": 0}
    assert outcomes_to_text([returns, unlocks]).count("\n") == 2


@pytest.mark.parametrize("text", ["", "[]", '{"patches": [{"kind": "x", "said": "liked"}]}'])
def test_what_is_no_list_of_answers(tmp_path, text):
    """A run whose thread nobody has read must say so, and how it is done."""
    (tmp_path / "series").mkdir()
    if text:
        (tmp_path / "series" / "answers.json").write_text(text)
    with pytest.raises(StorageError, match="--replies MBOX"):
        outcomes([tmp_path])
