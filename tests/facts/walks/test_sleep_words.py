"""Leaf `sleep_words`: sleep_words.toml is read as it stands, and a mistake in it is told."""

import pytest

from cocci_gen.errors import RuleDocumentError
from cocci_gen.facts.walks.sleep_words import read_sleep_words, sleep_words


def test_words_of_the_package():
    """One word in the wrong list silences a rule or floods it."""
    words = sleep_words()

    for name in (
        "mutex_lock",
        "down_read",
        "inode_lock",
        "lock_page",
        "msleep",
        "wait_event",
        "copy_from_user",
        "dput",
    ):
        assert words.sleeps.why(name), name
    for name in (
        "mutex_trylock",
        "down_read_trylock",
        "folio_trylock",
        "spin_lock",
        "kfree",
        "schedule_work",
        "wake_up",
        "printk",
    ):
        assert not words.sleeps.why(name), name
    for name in ("kmalloc", "kzalloc", "kcalloc", "kmem_cache_alloc", "alloc_page", "kmemdup", "bio_alloc", "xa_store"):
        assert words.allocates.why(name), name
    assert {"spin_lock", "write_seqlock"} <= words.spins
    assert {"spin_unlock", "write_sequnlock"} <= words.releases


def test_nothing_is_both_cut_and_wanted():
    """A cut goes before the reading of a function's inside: what sleeps must not be in a cut by a wide pattern."""
    words = sleep_words()
    locks = (
        "mutex_lock",
        "down_write",
        "down_read",
        "rt_mutex_lock",
        "msleep",
        "iput",
        "dput",
        "vfree",
        "synchronize_rcu",
        "kvfree",
    )

    assert [] == [name for name in locks if words.cuts.why(name)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x =", "no TOML"),
        ("[[naps]]\nwhy = 'x'", "no table is called 'naps'"),
        ("[[sleeps]]\nnames = ['x']", "no `why`"),
        ("[[cuts]]\nwhy = 'x'\npatterns = ['(']", "no regular expression"),
        ("[[mode]]\nstruct = 's'\nmethod = 'm'\nparameter = 0", "a mode has none of"),
        ("[[mode]]\nstruct = 's'\nmethod = 'm'\nnumber = 0", "no parameter"),
    ],
)
def test_mistakes_are_told(text, said):
    """Who adds a word sees at once what is wrong with it, with the file."""
    with pytest.raises(RuleDocumentError, match=said) as error:
        read_sleep_words(text, "sleep_words.toml")

    assert "sleep_words.toml" in str(error.value)
