"""A file of the cache is looked through once for each state that it is in."""

import sqlite3

from cocci_gen.facts.tree.soundness import is_sound, note_sound


def looked_through(path):
    """Whether a file is sound, and whether its pages were read to tell."""
    store = sqlite3.connect(path)
    statements = []
    store.set_trace_callback(statements.append)
    try:
        return is_sound(store, path), "PRAGMA integrity_check(1)" in statements
    finally:
        store.close()


def made(path):
    """A file with an index on a table."""
    store = sqlite3.connect(path)
    store.executescript("CREATE TABLE a (b TEXT); CREATE INDEX c ON a (b)")
    store.executemany("INSERT INTO a VALUES (?)", [(f"name{number}",) for number in range(500)])
    store.commit()
    store.close()
    return path


def test_what_was_looked_through_is_not_again(tmp_path):
    """A second for every kernel in the cache would be added to every run."""
    path = made(tmp_path / "a.sqlite")
    assert looked_through(path) == (True, True)
    note_sound(path)
    assert looked_through(path) == (True, False)


def test_a_flipped_bit_behind_a_note_is_seen(tmp_path):
    """The index would silently lack the names that SQLite then does not find."""
    path = made(tmp_path / "a.sqlite")
    note_sound(path)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"name250", b"nbme250"))
    assert len(data) == path.stat().st_size
    assert looked_through(path) == (False, True)


def test_a_file_in_place_of_the_noted_one_is_looked_through(tmp_path):
    """A copy of another machine may be damaged with the size and the time of the one that was noted."""
    path = made(tmp_path / "a.sqlite")
    note_sound(path)
    made(tmp_path / "b.sqlite").replace(path)
    assert looked_through(path) == (True, True)


def test_a_disk_that_takes_no_note_is_no_fault(tmp_path):
    """A run whose results stand would end with a traceback on a full disk."""
    path = made(tmp_path / "a.sqlite")
    (tmp_path / "a.sqlite.sound").mkdir()
    note_sound(path)
    assert looked_through(path) == (True, True)
