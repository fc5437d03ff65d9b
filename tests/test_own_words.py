"""Own words of file systems: what a [vocabulary] may say, and that what it says counts everywhere."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.document.vocabulary import vocabulary
from cocci_gen.errors import RuleDocumentError
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.walks.sleep_words import sleep_words
from cocci_gen.own_words import KEYS, OwnWords, own_words, parse_own_words, read_own_words, speaking
from cocci_gen.resources import data_text, tables_of


def spoken(**table):
    """The words of a table."""
    return parse_own_words(table, "cocci-gen.toml")


def test_what_ships_has_the_form_of_what_a_user_writes():
    """A user copies from the shipped file; it must read as his own would."""
    table = tables_of(data_text("own_words.toml"), "own_words.toml")["vocabulary"]

    assert parse_own_words(table, "own_words.toml") == own_words()
    assert sleep_words().sleeps.why("AG_LOCK")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"sleepz": []}, "has no key 'sleepz'; known are: .*sleeps.*lock"),
        ({"sleeps": "x"}, "sleeps must be a list of names"),
        ({"sleeps": ["a b"]}, "sleeps must be a list of names"),
        ({"sleeps": ["*"]}, "sleeps must be a list of names"),
        ({"lock": {"i_rwsem": {"takes": []}}}, r"\[vocabulary.lock.i_rwsem\] has no key 'takes'; known are: take, "),
        ({"lock": ["i_rwsem"]}, r"write \[vocabulary.lock.NAME\]"),
        ([], r"write \[vocabulary\], with one bracket"),
    ],
)
def test_a_wrong_word_is_told_with_the_file_and_the_way_out(table, says):
    """A typo that is passed over would look as if the word had no effect."""
    with pytest.raises(RuleDocumentError, match=f"(?s)cocci-gen.toml.*{says}"):
        parse_own_words(table, "cocci-gen.toml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\n[vocabulary]\nsleepz = []\n", 3),
        ("[vocabulary]\n[vocabulary.lock.i_rwsem]\n\ntakes = []\n", 4),
        ("[vocabulary]\n[vocabulary.lock.i_rwsem]\ntake = 3\n", 3),
        ("[vocabulary]\nlock = 3\n", 2),
        ("\nvocabulary = 3\n", 2),
        ("\n[vocabulary\n", 2),
    ],
)
def test_a_wrong_word_is_told_with_its_line(tmp_path, text, line):
    """The file also holds verdicts, of which there may be hundreds."""
    (tmp_path / "cocci-gen.toml").write_text(text)
    with pytest.raises(RuleDocumentError, match=rf"cocci-gen\.toml:{line}: "):
        read_own_words(tmp_path / "cocci-gen.toml")


def test_a_lock_that_no_document_names_is_told():
    """`[vocabulary.lock.NAME]` adds to a lock of locking.rst; any other name would be read and never used."""
    with speaking(spoken(lock={"my_lock": {"take": ["x"]}})), pytest.raises(RuleDocumentError, match="i_rwsem"):
        vocabulary()


def test_a_lock_that_no_document_names_is_told_with_its_line(tmp_path):
    """Which of the locks is unknown is said of the whole document, when it is read; the line is that of the user's file."""
    (tmp_path / "own.toml").write_text("[vocabulary]\n\n[vocabulary.lock.my_lock]\ntake = ['x']\n")
    with speaking(read_own_words(tmp_path / "own.toml")), pytest.raises(RuleDocumentError, match=r"own\.toml:3: "):
        vocabulary()


def test_words_count_while_they_are_spoken_and_no_longer():
    """A scan with one user's words must leave none behind for the next one of the process."""
    words = spoken(
        sleeping_locks=["vine_lock"], sleeps=["vine_wait*"], allocates=["vine_get"], debug=["VINE_DBG*"],
        unlocks_page=["vine_done"], same_page=["vine_page"], hands_on=["vine_queue"], neutral=["vine_look"],
        lock={"i_rwsem": {"take": ["vine_lock_inode"], "try": ["vine_try"]}},
    )  # fmt: skip
    with speaking(words):
        told, calls, lock = sleep_words(), call_vocabulary(), vocabulary().resources["i_rwsem"].calls
        assert all(map(told.sleeps.why, ("vine_lock", "vine_wait_for_all", "mutex_lock")))
        assert told.allocates.why("vine_get")
        assert told.cuts.why("VINE_DBG_ALL")
        assert frozenset({"release"}) == calls.marks["vine_done"]
        assert "vine_page" in calls.alias
        assert "vine_queue" in calls.hands_on
        assert calls.is_neutral("vine_look")
        assert calls.is_neutral("VINE_DBG_ALL")
        assert calls.quiet.search("VINE_DBG_ALL")
        assert {"vine_lock_inode", "inode_lock"} <= set(lock.take)
        assert "vine_try" in lock.attempt

    assert not sleep_words().sleeps.why("vine_lock")
    assert "vine_done" not in call_vocabulary().marks
    assert "vine_lock_inode" not in vocabulary().resources["i_rwsem"].calls.take


def test_macros_that_return_end_and_wrap():
    """`MY_RETURN(x);` reads as the return that it is, `MY_DIE();` as an end, and `if (MY_TELL(x))` as a test of x."""
    text = b"int f(int x) { if (MY_TELL(x)) MY_RETURN(-EIO); MY_DIE(); return 0; }"
    with speaking(spoken(returns=["MY_RETURN"], never_return=["MY_DIE"], same_value=["MY_TELL"])):
        graph = graph_of(text, 1)
    returns = [node for node in graph.nodes if node.kind == "return"]

    assert ["-EIO", "0"] == [node.returned for node in returns]
    assert ["x"] == [node.text for node in graph.nodes if node.kind == "condition"]
    assert returns[0].successors == ((1, ""),)
    assert graph.nodes.index(returns[1]) not in graph.behind((0,))
    assert ["0"] == [node.returned for node in graph_of(text, 1).nodes if node.kind == "return"]


def test_the_words_of_a_file(tmp_path):
    """The same file holds verdicts, of which nothing is read here; without a [vocabulary] there are no words."""
    path = tmp_path / "cocci-gen.toml"
    path.write_text('[vocabulary]\nsleeps = ["oak_wait"]\n[[verdict]]\nfingerprint = "x"\n')
    empty = tmp_path / "empty.toml"
    empty.write_text("")

    assert ("oak_wait",) == read_own_words(path).names("sleeps")
    assert OwnWords() == read_own_words(empty)


def test_words_have_a_name_of_their_own():
    """What is remembered under other words must not be taken for an answer under these."""
    assert spoken(sleeps=["a"]).digest == spoken(sleeps=["a"]).digest
    assert 3 == len({spoken(sleeps=["a"]).digest, spoken(sleeps=["b"]).digest, spoken(debug=["a"]).digest})


def test_every_key_is_explained():
    """README and the error message list the keys; a reader must learn what each one means."""
    assert all(len(words) > 10 for words in KEYS.values())
