"""Precision: computed from recorded verdicts, and every slip in them is named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.corpus.precision import RecordsError, known_records, precision, precision_to_text, read_records

ROOT = Path(__file__).resolve().parents[2]
ENTRY = """
[[finding]]
file = "fs/a.c"
function = "f"
obligation = "address_space_operations.writepage.unlocks"
confidence = "{confidence}"
verdict = "{verdict}"
outcome = "{outcome}"
reason = "because"
"""


def write(folder, *entries, version="6.1"):
    """A file of verdicts."""
    texts = [ENTRY.format(confidence=c, verdict=v, outcome=o) for c, v, o in entries]
    (folder / f"linux-{version}.toml").write_text("".join(texts))
    return folder


def test_what_was_rejected_does_not_count(tmp_path):
    """Nobody sees a rejected finding, so it is neither a hit nor a miss."""
    folder = write(
        tmp_path,
        ("high", "true", "accepted"),
        ("high", "true", "accepted"),
        ("high", "false", "accepted"),
        ("low", "false", "accepted"),
        ("high", "false", "rejected"),
    )
    shares = {(one.kind, one.confidence): (one.true, one.looked_at) for one in precision(read_records(folder, "6.1"))}

    assert shares == {
        ("unlocks", "high"): (2, 3),
        ("unlocks", "low"): (0, 1),
        ("", "high"): (2, 3),
        ("", "low"): (0, 1),
    }
    assert "66.7%" in precision_to_text("6.1", precision(read_records(folder, "6.1")))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[finding]]\nfile = 'a'\n", "'function'"),
        (ENTRY.format(confidence="high", verdict="maybe", outcome="accepted"), "true, false"),
        (ENTRY.format(confidence="sure", verdict="true", outcome="accepted"), "moderate"),
        ("finding = 3\n", "[[finding]]"),
        ("finding = [3]\n", "[[finding]]"),
        ("[[finding]\n", "TOML"),
    ],
)
def test_slips_are_named(tmp_path, text, word):
    """A record that is left out quietly would change the figure."""
    (tmp_path / "linux-6.1.toml").write_text(text)
    with pytest.raises(RecordsError) as caught:
        read_records(tmp_path, "6.1")

    assert word in str(caught.value)
    assert "linux-6.1.toml" in str(caught.value)


def test_an_unknown_kernel_is_told_which_there_are(tmp_path):
    """The user gets the versions to choose from."""
    write(tmp_path, ("high", "true", "accepted"))
    with pytest.raises(RecordsError, match=r"verdicts on: 6\.1"):
        read_records(tmp_path, "5.10")


def test_a_stable_release_belongs_to_its_series(tmp_path):
    """Verdicts on 6.1 hold for 6.1.140; of a kernel without verdicts nothing is known."""
    write(tmp_path, ("high", "true", "accepted"))

    assert len(known_records(tmp_path, "6.1.140")) == 1
    assert known_records(tmp_path, "6.12.3") == ()
    assert known_records(None, "6.1") == ()


def test_readme_shows_what_is_printed():
    """Precision is the product; README must not promise yesterday's."""
    shown = (ROOT / "README.md").read_text(encoding="utf-8")

    assert CliRunner().invoke(main, ["corpus", "precision"]).stdout in shown


def test_the_command(tmp_path):
    """One kernel, all of them, as text and as JSON."""
    write(tmp_path, ("high", "true", "accepted"))
    write(tmp_path, ("moderate", "false", "accepted"), version="6.12")
    words = ["corpus", "precision", "--corpus", str(tmp_path)]
    data = json.loads(CliRunner().invoke(main, [*words, "--format", "json"]).stdout)
    one = CliRunner().invoke(main, [*words, "--kernel-version", "6.12"])

    assert list(data) == ["6.1", "6.12"]
    assert data["6.1"]["total"]["high"]["precision"] == 1.0
    assert "0.0%" in one.stdout
    assert "linux-6.1 " not in one.stdout
    assert CliRunner().invoke(main, [*words, "--kernel-version", "5.4"]).exit_code == 2
