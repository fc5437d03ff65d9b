"""Precision: computed from recorded verdicts, and every slip in them is named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.corpus.precision import precision, precision_to_text
from cocci_gen.corpus.records import RecordsError, judged_coverage, known_records, read_records, trees_of
from cocci_gen.scan.coverage import Coverage

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
        ("high", "taken", "accepted"),
        ("high", "taken", "accepted"),
        ("high", "false", "accepted"),
        ("low", "false", "accepted"),
        ("high", "false", "rejected"),
    )
    found = precision(read_records(folder, "linux-6.1"))

    assert {(one.kind, one.confidence): one.worths for one in found} == {
        ("unlocks", "high"): (2, 0, 0, 1),
        ("unlocks", "low"): (0, 0, 0, 1),
        ("all code", "high"): (2, 0, 0, 1),
        ("all code", "low"): (0, 0, 0, 1),
    }
    assert "functions named by tables 29, examined 27 (93.1%)" in precision_to_text("openafs", found, Coverage(29, 27))
    assert "66.7%" in precision_to_text("linux-6.1", found, Coverage(29, 27))


@pytest.mark.parametrize("line", ["named = 3\nexamined = 4", 'named = "many"', "examined = 1"])
def test_a_share_that_cannot_be_is_told(tmp_path, line):
    """Of three functions four cannot have been examined."""
    (tmp_path / "zfs-dkms.toml").write_text(line)
    with pytest.raises(RecordsError, match="are numbers of functions"):
        judged_coverage(tmp_path, "zfs-dkms")


def test_only_what_a_maintainer_takes_makes_the_figure(tmp_path):
    """A finding that is true by the letter, or on a path that nobody reaches, costs its reader as much as a false one."""
    folder = write(tmp_path, *(("high", worth, "accepted") for worth in ("taken", "letter", "unreachable", "false")))
    (share, _) = precision(read_records(folder, "linux-6.1"))

    assert ((1, 1, 1, 1), 0.25) == (share.worths, share.taken)


def test_documents_are_counted_apart(tmp_path):
    """Findings in locking.rst are nearly always right; in one sum with code they would hide how good that is."""
    folder = write(tmp_path, ("high", "false", "accepted"))
    text = (folder / "linux-6.1.toml").read_text()
    document = text.replace("writepage.unlocks", "writepage.prototype").replace('"false"', '"taken"')
    (folder / "linux-6.1.toml").write_text(text + document)
    totals = {one.kind: one.taken for one in precision(read_records(folder, "linux-6.1")) if one.kind.startswith("all")}

    assert {"all code": 0.0, "all documents": 1.0} == totals


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[finding]]\nfile = 'a'\n", "'function'"),
        (ENTRY.format(confidence="high", verdict="maybe", outcome="accepted"), "taken, letter, unreachable, false"),
        (ENTRY.format(confidence="sure", verdict="taken", outcome="accepted"), "moderate"),
        ("finding = 3\n", "[[finding]]"),
        ("finding = [3]\n", "[[finding]]"),
        ("[[finding]\n", "TOML"),
    ],
)
def test_slips_are_named(tmp_path, text, word):
    """A record that is left out quietly would change the figure."""
    (tmp_path / "linux-6.1.toml").write_text(text)
    with pytest.raises(RecordsError) as caught:
        read_records(tmp_path, "linux-6.1")

    assert word in str(caught.value)
    assert "linux-6.1.toml" in str(caught.value)


def test_an_unknown_kernel_is_told_which_there_are(tmp_path):
    """The user gets the versions to choose from."""
    write(tmp_path, ("high", "taken", "accepted"))
    with pytest.raises(RecordsError, match=r"verdicts on: linux-6\.1"):
        read_records(tmp_path, "linux-5.10")


def test_a_stable_release_belongs_to_its_series(tmp_path):
    """Verdicts on 6.1 hold for 6.1.140; of a kernel without verdicts nothing is known."""
    write(tmp_path, ("high", "taken", "accepted"))

    assert len(known_records(tmp_path, "6.1.140")) == 1
    assert known_records(tmp_path, "6.12.3") == ()
    assert known_records(None, "6.1") == ()


def test_kernels_come_first_and_by_number(tmp_path):
    """6.12 is newer than 6.1, and 6.2 older than 6.12; a reader looks for his kernel there."""
    for name in ("zfs-dkms", "linux-6.12", "linux-7.3", "linux-6.2"):
        (tmp_path / f"{name}.toml").write_text("")

    assert ("linux-6.2", "linux-6.12", "linux-7.3", "zfs-dkms") == trees_of(tmp_path)


def test_readme_shows_what_is_printed():
    """Precision is the product; README must not promise yesterday's."""
    shown = (ROOT / "README.md").read_text(encoding="utf-8")

    assert CliRunner().invoke(main, ["corpus", "precision", "--totals"]).stdout in shown


def test_the_command(tmp_path):
    """One kernel, all of them, as text and as JSON."""
    write(tmp_path, ("high", "taken", "accepted"))
    write(tmp_path, ("moderate", "false", "accepted"), version="6.12")
    words = ["corpus", "precision", "--corpus", str(tmp_path)]
    data = json.loads(CliRunner().invoke(main, [*words, "--format", "json"]).stdout)
    one = CliRunner().invoke(main, [*words, "--tree", "linux-6.12"])

    assert list(data) == ["linux-6.1", "linux-6.12"]
    assert data["linux-6.1"]["all code"]["high"]["precision"] == 1.0
    assert "0.0%" in one.stdout
    assert "linux-6.1 " not in one.stdout
    assert CliRunner().invoke(main, [*words, "--tree", "linux-5.4"]).exit_code == 2
