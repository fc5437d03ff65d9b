"""`clean`: what earlier runs left behind is listed with its size, and only what nobody needs goes."""

import json
import subprocess

import pytest

from cocci_gen.facts.store import INDEX_PREFIX


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
