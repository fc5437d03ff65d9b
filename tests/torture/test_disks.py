"""Disks that are full, read-only or not there: one sentence and the way out, and never a result that is not whole."""

import subprocess

import pytest


@pytest.mark.usefixtures("mounts")
def test_a_read_only_repository_is_scanned_and_its_series_go_into_a_copy(surroundings):
    """An archive or a mirror is mounted so; what is found there is as true as elsewhere."""
    kernel, out = surroundings.kernel, surroundings.folder / "out"
    mount = f"mount --bind {kernel} {kernel} && mount -o remount,ro,bind {kernel}"
    code, stdout, _ = surroundings.say(surroundings.words("scan", out=out), mount=mount)
    assert (1, True) == (code, "findings      3 (" in stdout)
    code, _, err = surroundings.say(surroundings.words("run", out=out), mount=mount)

    assert 2 == code
    assert (
        f"cocci-gen: {kernel} is read-only, and the commits of a series are kept in their repository; `git clone" in err
    )
    subprocess.run(["git", "clone", "-q", "--shared", kernel, "COPY"], cwd=surroundings.folder, check=True)
    words = [*surroundings.words("series")[:4], out, "--kernel", "COPY"]
    assert 0 == surroundings.say(list(map(str, words)), mount=mount)[0]


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize("size", ["4k", "8k", "16k", "24k", "40k"])
def test_an_output_on_a_full_disk(surroundings, size):
    """Half a run must not look like a whole one, and what was computed is kept for the next try."""
    disk = surroundings.folder / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size={size} none {disk}"
    words = surroundings.words("run", out=disk / "out")
    code, _, err = surroundings.say(
        ["sh", "-c", '"$@"; code=$?; cp -r disk left; exit $code', "sh", *words], mount=mount
    )

    assert 2 == code
    assert "No space left on device" in err
    assert 1 == len([line for line in err.splitlines() if line.startswith("cocci-gen: ")])
    left = surroundings.folder / "left/out"
    if (left / "run.json").exists():  # the scan is whole, the series is not there
        assert 3 == len(surroundings.findings(left))
        assert not (left / "series/series.json").exists()
    again = surroundings.say(surroundings.words("run", out=surroundings.folder / "again"))
    assert 1 == again[0]
    assert "spatch looks at" not in again[2]


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize(("what", "size"), [("cache", "60k"), ("tmp", "4k"), ("tmp", "40k")])
def test_no_room_for_caches_or_temporary_files(surroundings, what, size):
    """The folder is named, and the option that moves it."""
    disk = surroundings.folder / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size={size} none {disk}"
    words = surroundings.words("run", out=surroundings.folder / "out", cache=disk if what == "cache" else None)
    code, _, err = surroundings.say(words, mount=mount, **({"TMPDIR": str(disk)} if what == "tmp" else {}))
    said = [line for line in err.splitlines() if line.startswith("cocci-gen: ")]

    assert code in (1, 2, 3), err
    assert code == 1 or str(disk) in " ".join(said) or "No space left" in err, err
    if code == 1:
        assert 3 == len(surroundings.findings(surroundings.folder / "out"))


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize(
    "mount", ["mount -t tmpfs -o ro,size=4k none /dev/shm", "mount -t tmpfs -o size=4k,mode=000 none /dev/shm"]
)
def test_without_shared_memory(surroundings, mount):
    """Containers often have none; processes of Python would make their locks there."""
    out = surroundings.folder / "out"
    code, _, err = surroundings.say(surroundings.words("run", out=out), mount=mount)

    assert 1 == code, err
    assert 3 == len(surroundings.findings(out))
