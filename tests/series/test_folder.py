"""Stage 8 `series_folder`: what lies in OUT/series, and what a second run does to it."""

import json

import pytest

from cocci_gen.errors import StorageError
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.folder import write_series_set

PLACES = [("fs/demo/file.c", "demo_writepage1", "unlocks"), ("fs/gone/file.c", "gone_writepage1", "unlocks")]


@pytest.fixture
def built(demo_kernel, make_finding, run_facts):
    """Two series, one of them to nobody."""
    with KernelTree.open(demo_kernel) as tree:
        findings = [make_finding(tree, *place) for place in PLACES]
        return build_series(tree, findings, run_facts(tree, findings), SeriesOptions(Person("T", "t@x.org")))


def test_the_list_for_programs(built, tmp_path):
    """What stands in the mails must be there without reading mails."""
    write_series_set(built, tmp_path)
    listing = json.loads((tmp_path / "series.json").read_text())

    [patch] = listing["series"][0]["patches"]
    assert patch["commit"] == built.series[0].patches[0].commit.oid
    assert patch["fingerprints"] == list(built.series[0].patches[0].fingerprints)
    assert {rung["rung"]: rung["result"] for rung in patch["ladder"]}["mail self-test"] == "passed"
    assert [person["address"] for person in patch["recipients"]["to"]] == ["A Demo <a@demo.example>"]


@pytest.mark.parametrize(
    "listing",
    ['{"files": ["../victim.patch", "/etc/x.patch", "a/b/c.patch", "x.txt", 7]}', "{", "[]", '{"files": null}'],
)
def test_only_own_files_are_removed(built, tmp_path, listing):
    """A list that somebody else wrote must not delete anything."""
    out = tmp_path / "out"
    out.mkdir()
    victims = [tmp_path / "victim.patch", out / "a/b/c.patch", out / "x.txt"]
    for victim in victims:
        victim.parent.mkdir(parents=True, exist_ok=True)
        victim.write_text("mine")
    (out / "series.json").write_text(listing)
    write_series_set(built, out)

    assert all(victim.exists() for victim in victims)


def test_what_cannot_be_written_is_said(built, tmp_path):
    """A full disk or a file in the way must end in a sentence, with nothing half written."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(StorageError, match="cannot be written"):
        write_series_set(built, tmp_path / "out")


def test_no_half_written_files_stay(built, tmp_path):
    """What a killed run leaves must not be sent by `*.patch`."""
    folders = write_series_set(built, tmp_path / "out")

    names = {path.name for folder in folders for path in folder.iterdir()}
    assert all(name.endswith(".patch") and name[0].isdigit() for name in names)


def test_a_mail_that_was_edited_is_not_made_again(built, tmp_path):
    """Who reads a mail mends its words, then signs the series off: what he had written was gone."""
    write_series_set(built, tmp_path)
    write_series_set(built, tmp_path)
    mail = next(tmp_path.glob("*/0001-*.patch"))
    mail.write_bytes(mail.read_bytes() + b"\nmine\n")

    with pytest.raises(StorageError, match="was edited since it was made"):
        write_series_set(built, tmp_path)
    assert mail.read_bytes().endswith(b"mine\n")
    mail.unlink()
    write_series_set(built, tmp_path)
    assert not mail.read_bytes().endswith(b"mine\n")
