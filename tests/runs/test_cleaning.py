"""`clean`: what earlier runs left behind is listed with its size, and only what nobody needs goes."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from cocci_gen.facts.tree.index_file import INDEX_PREFIX
from cocci_gen.runs import cleaning
from cocci_gen.runs.folder import BESIDE, RunHeader, write_run
from cocci_gen.temporary import FOLDER, prefix


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """A folder for temporary files, so that nothing of this machine is listed or goes."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return tmp_path / "tmp"


@pytest.fixture
def run_folder(tmp_path):
    """run_folder(name, ref) -> a run whose series lies under that ref."""

    def make(name, ref):
        folder = tmp_path / name
        (folder / "series").mkdir(parents=True)
        header = dict.fromkeys(
            ("tree", "revision", "commit", "kernel_version", "tool_version", "spatch_version", "command"), "x"
        )
        counts = {"functions": 1, "not_examined": 0}
        (folder / "run.json").write_text(json.dumps({**header, "options": {}, "baseline": {}, "counts": counts}))
        (folder / "findings.jsonl").write_text("")
        (folder / "series/series.json").write_text(json.dumps({"series": [{"ref": ref}]}))
        return folder

    return make


@pytest.fixture
def kernel(tmp_path, make_repository):
    """A repository with two series and something of the user's."""
    folder = make_repository(tmp_path / "kernel", {"a.c": b""})
    for ref in ("refs/cocci-gen/one", "refs/cocci-gen/two", "refs/mine"):
        subprocess.run(["git", "update-ref", ref, "HEAD"], cwd=folder, check=True)
    return folder


def refs(folder):
    """The refs of a repository."""
    words = ["git", "for-each-ref", "--format=%(refname)"]
    return subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True).stdout.split()


@pytest.fixture
def cache(tmp_path):
    """A folder of caches with old and broken ones, and something of somebody else."""
    folder = tmp_path / "cache"
    folder.mkdir()
    for name in (
        f"{INDEX_PREFIX}x.sqlite", "jobs.sqlite", "index-1.2-abc.sqlite", "jobs.sqlite.broken-1-2", "notes.sqlite",
    ):  # fmt: skip
        (folder / name).write_bytes(b"x" * 1_500_000)
    return folder


def test_it_only_lists(cocci_gen_says, kernel, cache, run_folder):
    """What is removed cannot be brought back."""
    run = run_folder("out", "refs/cocci-gen/one")
    code, stdout, _ = cocci_gen_says("clean", run, "--kernel", kernel, "--cache", cache)

    assert code == 0
    assert stdout.splitlines()[-1].startswith("5 things, 3.0 MB; --yes removes them")
    assert "1.5 MB" in stdout
    assert len(list(cache.iterdir())) == 5
    assert len(refs(kernel)) == 4
    assert run.exists()


def test_what_is_listed_goes_and_nothing_else(cocci_gen_says, kernel, cache, run_folder):
    """The series of a run that is kept, the caches in use and what is the user's stay."""
    old, kept = run_folder("old", "refs/cocci-gen/one"), run_folder("kept", "refs/cocci-gen/two")
    code, stdout, _ = cocci_gen_says("clean", old, "--kernel", kernel, "--keep", kept, "--cache", cache, "--yes")

    assert (code, "removed 4 things, 3.0 MB" in stdout) == (0, True)
    assert refs(kernel) == ["refs/cocci-gen/two", "refs/heads/main", "refs/mine"]
    assert sorted(path.name for path in cache.iterdir()) == sorted(
        (f"{INDEX_PREFIX}x.sqlite", "jobs.sqlite", "notes.sqlite")
    )
    assert kept.exists()
    assert not old.exists()


def test_all_takes_the_caches_in_use_too(cocci_gen_says, cache):
    """Somebody who needs the room can have it; the next run takes longer."""
    cocci_gen_says("clean", "--cache", cache, "--all", "--yes")

    assert [path.name for path in cache.iterdir()] == ["notes.sqlite"]


def test_a_folder_with_something_else_in_it_stays(cocci_gen_says, run_folder, cache):
    """`clean ~` must not take the home away, and neither what somebody put beside the findings."""
    run = run_folder("out", "refs/cocci-gen/one")
    (run / "letter.txt").write_text("mine")
    code, _, stderr = cocci_gen_says("clean", run, "--cache", cache, "--yes")

    assert (code, "holds letter.txt, which no run has written" in stderr) == (2, True)
    assert run.exists()
    assert cocci_gen_says("clean", cache, "--cache", cache, "--yes")[0] == 2
    assert len(list(cache.iterdir())) == 5


def test_a_folder_that_a_run_has_written_can_go(tmp_path, cocci_gen_says, judged, scan_of):
    """What a run writes and `clean` does not know makes each run folder one that cannot be removed."""
    header = RunHeader("/k", "HEAD", "c" * 40, "6.1.192", "0.1.0", "1.1.1", "cocci-gen check", {"rules": ["*"]}, {})
    write_run(tmp_path / "out", scan_of(judged()), header, dict.fromkeys(BESIDE, b""))

    code, stdout, _ = cocci_gen_says("clean", tmp_path / "out", "--cache", tmp_path / "none", "--yes")

    assert (code, stdout.splitlines()[-1].startswith("removed 1 thing")) == (0, True)
    assert not (tmp_path / "out").exists()


def test_every_cache_that_is_written_is_known_here():
    """A cache of a new sort would stay for ever, and nobody would be told how large it is."""
    package = Path(__file__).resolve().parents[2] / "cocci_gen"
    texts = {path: path.read_text() for path in package.rglob("*.py") if path.name != "cleaning.py"}
    named = {name for text in texts.values() for name in re.findall(r"[\"/]([\w-]+\.sqlite)\"", text)}

    assert len(named) >= 3
    assert {name for name in named if cleaning._CACHES.fullmatch(name) is None} == set()


def test_every_temporary_folder_can_be_swept():
    """One whose name does not tell whose it is stays until the machine is started again."""
    package = Path(__file__).resolve().parents[2] / "cocci_gen"
    made = re.compile(r"(?:TemporaryDirectory|mkdtemp)\(([^)]*\)?)")
    uses = [found[1] for path in package.rglob("*.py") for found in made.finditer(path.read_text())]

    assert len(uses) >= 8
    assert [use for use in uses if "temporary.prefix(" not in use] == []
    assert FOLDER.fullmatch(f"{prefix('two-words')}abc_12")


def test_reports_of_crashes_are_listed(cocci_gen_says, temporary):
    """Each is a small file in /tmp that nobody finds again; what others call so is theirs."""
    tmp_path = temporary
    (tmp_path / "cocci-gen-crash-ab12.txt").write_text("x")
    (tmp_path / "cocci-gen-crash-ab13.txt").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "cocci-gen-crash.log").write_text("x")

    assert (
        "cocci-gen-crash-ab12.txt  (the report of a crash)" in cocci_gen_says("clean", "--cache", tmp_path / "none")[1]
    )
    assert "removed 1 thing," in cocci_gen_says("clean", "--cache", tmp_path / "none", "--yes")[1]
    assert ["cocci-gen-crash-ab13.txt", "cocci-gen-crash.log"] == sorted(path.name for path in tmp_path.iterdir())
