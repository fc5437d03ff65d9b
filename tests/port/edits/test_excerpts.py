"""Files without the bodies that a rule cannot change."""

import pytest

from cocci_gen.code.texts.source import file_facts
from cocci_gen.port.edits.excerpts import excerpt_of
from cocci_gen.port.lessons.rules import Declarations, PortRule

LONG = b"\n".join(b"\tdo_something_%d();" % number for number in range(30))
TEXT = b"int one(void)\n{\n\told_call();\n" + LONG + b"\n}\n\nint two(void)\n{\n\tother();\n" + LONG + b"\n}\n"


def rule(*words, smpl=""):
    """A rule that needs some words."""
    return PortRule("r", "r", "r", smpl, Declarations(), tuple(frozenset({word}) for word in words))


def excerpt(text, *words, smpl=""):
    """The excerpt of a text for such a rule."""
    return excerpt_of(text, file_facts(text, ()).functions, rule(*words, smpl=smpl))


def test_a_body_without_the_words_is_blanked_and_comes_back():
    """The rest of the file would be lost, or spatch would read all of it every time."""
    short = excerpt(TEXT, "old_call")

    assert b"old_call" in short.text
    assert b"other();" not in short.text
    assert TEXT.count(b"\n") == short.text.count(b"\n")
    assert TEXT.replace(b"old_call", b"new_call") == short.whole(short.text.replace(b"old_call", b"new_call"))


def test_a_function_that_the_rule_names_keeps_its_body():
    """`.writepage = f` went with f(), whose blanked body was missed, so that nothing went."""
    smpl = "identifier fn = {two};\n@@\n- static T fn(PL) { ... }\n"

    assert b"other();" in excerpt(TEXT, "old_call", smpl=smpl).text
    assert b"old_call" not in excerpt(TEXT, "two", "there", smpl=smpl).text


def test_a_body_that_got_lost_is_told():
    """A function would be emptied in silence."""
    short = excerpt(TEXT, "old_call")

    assert short.whole(short.text.replace(b"cocci_gen_body_0();", b"")) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TEXT, ()),
        (TEXT.replace(b"\told_call();", b"#if A\n\told_call();\n#else\n#endif"), ("two", "other")),
        (TEXT.replace(b"other", b"cocci_gen_body_1"), ("old_call",)),
    ],
    ids=["a rule of which no word is known", "a condition inside of the body", "a name that is ours"],
)
def test_what_might_be_needed_stays(text, words):
    """A rule would miss its places."""
    assert text == excerpt(text, *words).text
