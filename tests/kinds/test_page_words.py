"""page_words.toml: names that other vocabularies must agree with."""

from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.kinds.page_words import page_words


def test_what_keeps_the_lock_is_no_release():
    """A method that were called both would end a duty in one place and keep it in the other."""
    methods = call_vocabulary().methods
    assert [] == [name for name in page_words().keeps_locked if methods.get(name)]
    assert {"release"} == {mark for name in page_words().reads for mark in methods[name]}


def test_what_a_loop_owes_the_vocabulary_knows():
    """A name that only the semantic patch had would star what the engine does not take for a keeping."""
    marks = call_vocabulary().marks
    assert [] == [name for name in page_words().owed if not marks.get(name, frozenset()) & {"start", "redirty"}]


def test_what_is_dropped_or_void_is_neutral_to_the_lock():
    """These calls decide doubts, and would hide a way were they unknown to the engine."""
    words, vocabulary = page_words(), call_vocabulary()
    assert [] == [name for name in words.cleans | words.voids if not vocabulary.is_neutral(name)]
