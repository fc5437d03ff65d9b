"""The file of the index: what stands in order in it must be what its rows say."""

import sqlite3
from contextlib import closing

import pytest

from cocci_gen.facts.tree.index_file import BrokenIndexError
from cocci_gen.facts.tree.mentions import Mentions
from cocci_gen.facts.tree.outlines import numbered
from cocci_gen.facts.tree.store import IndexStore

PATHS = {"blob": ["fs/a.c"], "other": ["fs/b.c"]}
MANY = 600


def noted(folder, *more, named=()):
    """Put MANY functions that mention `many` in order; afterwards note (blob, start, name, words) and ask who mentions names."""
    with closing(IndexStore(folder)) as store:
        for number in range(MANY):
            store.note("blob", number, f"f{number}", numbered([b"many"]))
        store.note_text("blob", MANY, "told", numbered([b"text"]))
        store.note_beside("blob", MANY, "hanging", "function")
        assert len(Mentions(store.mentions(), PATHS).of("many")) == MANY
    with closing(IndexStore(folder)) as store:
        for blob, start, name, words in more:
            store.note(blob, start, name, numbered(words))
        found = Mentions(store.mentions(), PATHS)
        return [found.of(name) for name in named], found.of_beside("function")


def stored(folder):
    """The file."""
    (file,) = folder.glob("index-*.sqlite")
    return closing(sqlite3.connect(file))


def test_what_stands_in_order_and_what_came_after_it_are_both_known(tmp_path):
    """Whoever mentions what changed would keep what was said of it before."""
    named, beside = noted(tmp_path, ("other", 1, "late", [b"many", b"new"]), named=("many", "new", "text"))
    assert len(named[0]) == MANY + 1
    assert named[1:] == [{("fs/b.c", "late")}, {("fs/a.c", "told")}]
    assert beside == {("fs/a.c", "hanging")}
    with stored(tmp_path) as database:
        assert database.execute("SELECT lasts FROM mentioned").fetchone() == (f"{MANY} 1 1",)


def test_the_last_function_in_order_may_mention_other_words_by_now(tmp_path):
    """SQLite gives the number of the last row to the one that replaces it, which would look like one that is known."""
    last = ("blob", MANY - 1, f"f{MANY - 1}", [b"new"])
    named, _ = noted(tmp_path, last, named=("new",))
    assert named == [{("fs/a.c", f"f{MANY - 1}")}]


def test_a_damaged_order_is_noticed(tmp_path):
    """A function that mentions what changed would not be looked at, and nobody would know."""
    noted(tmp_path)
    with stored(tmp_path) as database:
        database.execute("UPDATE mentioned SET numbers = ?", (b"",))
        database.commit()
    with closing(IndexStore(tmp_path)) as store, pytest.raises(BrokenIndexError, match="put aside"):
        store.mentions()
