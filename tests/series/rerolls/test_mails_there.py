"""The mails of an earlier run make room for those of a new one, unless a person's work is in them."""

import json

import pytest

from cocci_gen.errors import StorageError
from cocci_gen.series.rerolls.mails_there import digest, refuse_edited, refuse_to_lose, take_away

MAIL = b"Subject: [PATCH] demo: unlock\n"


@pytest.fixture
def run(tmp_path):
    """run(signed) -> a run folder with one series of one mail, and a file of the user's beside it."""

    def make(*, signed=False, files=("demo/0001-a.patch",)):
        folder = tmp_path / "out" / "series"
        (folder / "demo").mkdir(parents=True)
        (folder / "demo/0001-a.patch").write_bytes(MAIL)
        (folder / "index.md").write_text("all of them")
        listing = {
            "files": list(files),
            "digests": {"demo/0001-a.patch": digest(MAIL)},
            "series": [{"patches": [{"signed": signed}]}],
        }
        (folder / "series.json").write_text(json.dumps(listing))
        return tmp_path / "out"

    return make


def test_the_mails_of_an_earlier_run_go_with_their_list(run):
    """Beside new findings they were taken for the series of these."""
    out = run()
    refuse_to_lose(out)
    take_away(out / "series")

    assert not (out / "series").exists()


def test_what_is_of_no_list_stays(run, tmp_path):
    """Notes of the user, and whatever a list of somebody else names outside."""
    (tmp_path / "victim.patch").write_text("mine")
    out = run(files=["demo/0001-a.patch", "../victim.patch", "demo/../../victim.patch", 7])
    (out / "series/demo/notes.txt").write_text("mine")
    take_away(out / "series")

    assert ["demo", "demo/notes.txt"] == sorted(
        path.relative_to(out / "series").as_posix() for path in (out / "series").rglob("*")
    )
    assert (tmp_path / "victim.patch").exists()


def test_a_link_out_of_the_folder_is_not_followed(run, tmp_path):
    """A folder of mails may be a link to another place."""
    out = run()
    elsewhere = tmp_path / "elsewhere"
    (out / "series/demo").rename(elsewhere)
    (out / "series/demo").symlink_to(elsewhere)
    take_away(out / "series")

    assert (elsewhere / "0001-a.patch").exists()


def test_words_of_a_person_stop_the_run(run):
    """An edited mail was lost where no patch of that name was made again."""
    out = run()
    (out / "series/demo/0001-a.patch").write_bytes(MAIL + b"Thanks!\n")

    with pytest.raises(StorageError, match="was edited since it was made"):
        refuse_to_lose(out)
    with pytest.raises(StorageError, match="was edited since it was made"):
        refuse_edited(out / "series", json.loads((out / "series/series.json").read_text()), {"other/0001.patch": MAIL})


def test_what_was_signed_off_may_have_been_mailed(run):
    """A second version is made of the first one's folder, which a scan would write over."""
    with pytest.raises(StorageError, match=r"you have signed off, .* \(--reroll\); scan into another folder"):
        refuse_to_lose(run(signed=True))


@pytest.mark.parametrize(
    "listing", ["[]", "{", '{"files": 7, "series": [7, {"patches": 7}]}', '{"files": ["/x.patch"]}']
)
def test_a_list_of_somebody_else_names_nothing(tmp_path, listing):
    """It is read from a folder that is handed round."""
    (tmp_path / "series").mkdir()
    (tmp_path / "series/series.json").write_text(listing)
    refuse_to_lose(tmp_path)
    take_away(tmp_path / "series")
