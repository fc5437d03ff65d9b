"""The cache: what was put comes back, whoever is killed, however broken the file."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cocci_gen.coccinelle import cache as job_cache
from cocci_gen.coccinelle.cache import JobCache, content_key
from cocci_gen.errors import StorageError

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys, time
from pathlib import Path
from cocci_gen.coccinelle.cache import JobCache
with JobCache(Path(sys.argv[1])) as cache:
    for number in range(int(sys.argv[3])):
        cache.put(f"{sys.argv[2]}{number}", b"%d" % number)
        print(number, flush=True)
    time.sleep(float(sys.argv[4]))
"""


@pytest.fixture
def path(tmp_path):
    """Where the cache lies; its folder is not there yet."""
    return tmp_path / "cache" / "jobs.sqlite"


def start_writer(path, name, count, linger=0):
    """Another process that puts `count` rows and says so after each."""
    argv = [sys.executable, "-c", WRITER, str(path), name, str(count), str(linger)]
    return subprocess.Popen(argv, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)


def test_what_was_put_is_there_in_the_next_run(path):
    """A second run would otherwise do everything again."""
    value = bytes(range(256)) * 100
    with JobCache(path) as cache:
        cache.put("key", value)

    with JobCache(path) as cache:
        assert value == cache.get("key")
        assert cache.get("other") is None
        assert len(cache) == 1


def test_a_later_value_replaces_the_earlier(path):
    """Two runs may finish the same job; the second must not fail on the first one's row."""
    with JobCache(path) as cache:
        cache.put("key", b"old")
        cache.put("key", b"new")

        assert cache.get("key") == b"new"


def test_a_put_is_seen_by_others_at_once(path):
    """A row that waits for a commit would be lost by kill -9."""
    with JobCache(path) as one, JobCache(path) as other:
        one.put("key", b"value")

        assert other.get("key") == b"value"


def test_runs_at_the_same_time_do_not_disturb_each_other(path):
    """Two terminals, one cache: neither `database is locked` nor lost rows, from the very first open on."""
    writers = [start_writer(path, name, 100) for name in "abcd"]
    codes = [(writer.communicate(timeout=60), writer.returncode)[1] for writer in writers]

    with JobCache(path) as cache:
        assert [0, 0, 0, 0] == codes
        assert len(cache) == 400


def test_threads_share_one_cache(path):
    """Every worker thread keeps its own outcome."""
    with JobCache(path) as cache:
        threads = [
            threading.Thread(target=lambda name=name: [cache.put(f"{name}{n}", b"x") for n in range(50)])
            for name in "abc"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(cache) == 150


def test_kill_9_loses_nothing_that_was_finished(path):
    """Hours of work must survive the death of the process that did it."""
    with start_writer(path, "a", 20, linger=1000) as writer:
        while writer.stdout.readline().strip() != "19":
            pass
        writer.send_signal(signal.SIGKILL)

    with JobCache(path) as cache:
        assert len(cache) == 20
        assert cache.get("a19") == b"19"


def break_header(path):
    """Other bytes where SQLite has its name."""
    path.write_bytes(b"no database at all " * 1000)


def break_pages(path):
    """A good first page, and noise where the rows are."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


def break_size(path):
    """Cut off in the middle."""
    os.truncate(path, path.stat().st_size // 2 + 100)


@pytest.mark.parametrize("damage", [break_header, break_pages, break_size])
def test_a_broken_file_is_put_aside_and_said(path, damage):
    """The cache is a convenience: its loss costs time, not the run, and the user hears where the old file is."""
    with JobCache(path) as cache:
        for number in range(200):
            cache.put(f"key{number}", os.urandom(500))
    damage(path)
    told = []

    with JobCache(path, told.append) as cache:
        assert all(cache.get(f"key{number}") is None for number in range(200))
        cache.put("again", b"value")
        assert cache.get("again") == b"value"

    assert len(told) == 1
    assert f"the cache {path} was broken" in told[0]
    assert len(list(path.parent.glob("jobs.sqlite.broken-*"))) == 1


def test_what_another_run_has_mended_is_not_put_aside_again(path):
    """Two runs that meet the same broken file would otherwise throw away each other's new one."""
    with JobCache(path) as cache:
        for number in range(200):
            cache.put(f"key{number}", os.urandom(500))
    with JobCache(path) as late:
        break_pages(path)
        with JobCache(path) as first:
            first.put("mended", b"value")
            late.put("late", b"value")

            assert first.get("late") == b"value"
            assert late.get("mended") == b"value"
    assert len(list(path.parent.glob("jobs.sqlite.broken-*"))) == 1


def test_a_damaged_value_is_only_done_again(path):
    """A row of another version or with a flipped bit must not become an outcome."""
    with JobCache(path) as cache:
        cache.put("key", b"value")
        cache.put("text", b"value")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE work_1 SET value = x'00ff00ff' WHERE key = 'key'")
        database.execute("UPDATE work_1 SET value = 'text' WHERE key = 'text'")
    database.close()

    with JobCache(path) as cache:
        assert cache.get("key") is None
        assert cache.get("text") is None


def test_a_full_disk_is_one_clear_error(path):
    """The run stops with a sentence that names the place, and what was kept stays."""
    with JobCache(path) as cache:
        cache.put("before", b"value")
        cache._execute("PRAGMA max_page_count = 10")

        with pytest.raises(StorageError) as caught:
            cache.put("big", os.urandom(1 << 20))

        assert f"the cache {path} cannot be used: database or disk is full" in str(caught.value)
        assert "free some space" in str(caught.value)
        assert cache.get("before") == b"value"


def test_a_place_that_cannot_be_is_one_clear_error(tmp_path):
    """--cache may name a file, or something below one."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()

    with pytest.raises(StorageError, match="cannot make the cache"):
        JobCache(tmp_path / "file" / "jobs.sqlite")
    with pytest.raises(StorageError, match="unable to open database file"):
        JobCache(tmp_path / "folder")


def test_a_locked_file_is_one_clear_error(path, monkeypatch):
    """A run that hangs in a debugger holds the file; waiting for ever would hang this one too."""
    monkeypatch.setattr(job_cache, "_PATIENCE", 0.2)
    with JobCache(path) as holder, JobCache(path) as cache:
        holder._execute("BEGIN IMMEDIATE")

        with pytest.raises(StorageError, match="database is locked"):
            cache.put("key", b"value")


def test_a_file_that_has_grown_too_large_loses_its_older_half(path, monkeypatch):
    """Nobody empties a cache by hand."""
    monkeypatch.setattr(job_cache, "_LARGEST", 1 << 16)
    with JobCache(path) as cache:
        for number in range(200):
            cache.put(f"key{number:03}", os.urandom(1000))
            time.sleep(0.0005)
    large = path.stat().st_size

    with JobCache(path) as cache:
        assert cache.get("key000") is None
        assert cache.get("key199") is not None
        assert 0 < len(cache) < 200
    assert path.stat().st_size < large


def test_the_cache_cannot_be_used_after_it_is_closed(path):
    """A forgotten thread must hear of it in words."""
    cache = JobCache(path)
    cache.close()
    cache.close()

    with pytest.raises(StorageError, match="has been closed"):
        cache.get("key")


def test_keys_tell_where_one_part_ends():
    """("ab", "c") and ("a", "bc") are different work."""
    assert content_key(("ab", "c")) != content_key(("a", "bc"))
    assert content_key(("ab",)) != content_key(("ab", ""))
    assert content_key(("ab", "c")) == content_key((b"ab", b"c"))
    assert content_key(("\udce4",)) == content_key((b"\xe4",))
