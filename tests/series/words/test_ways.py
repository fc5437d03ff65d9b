"""On which ways a thing is kept, in words."""

import dataclasses
from types import SimpleNamespace

import pytest

from cocci_gen.facts.calls.steps import Step
from cocci_gen.series.words.breaches import FindingWords
from cocci_gen.series.words.notes import always
from cocci_gen.series.words.ways import way_words

WORDS = FindingWords(
    function="f", method="m", file="a.c", line=9, resource="inode", exits="returns ret", result="", when="", tells=True,
    killable=False, rules=(), message="f() fails with inode still referenced", variable="inode",
)  # fmt: skip


@pytest.mark.parametrize(
    ("told", "label", "returned", "said"),
    [
        ({"causes": ("g() fails",)}, "out", False, " when g() fails"),
        ({"causes": ("g() fails",), "failures": (("g", 1, 2),)}, "out", False, " when g() fails while inode is held"),
        ({"causes": ("n > 1",)}, "out", False, " when n > 1"),
        ({"causes": ("n > 1", "m > 2")}, "out", False, " on any path through out"),
        ({"causes": ("n > 1", "m > 2")}, "", False, " when n > 1, or m > 2"),
        ({"causes": ("err is not 0",)}, "out", False, " on any path through out"),
        ({"causes": ("the inode is not 0",)}, "out", False, " on any path through out"),
        ({"result": "-EIO"}, "out", False, " on the path that returns -EIO"),
        ({"result": "-EIO", "always": True}, "", False, " before it returns -EIO, which it does whenever it has one"),
        (
            {"result": "-EIO", "always": True, "taker": "igrab()"},
            "",
            False,
            " before it returns -EIO, which it does whenever igrab() succeeds",
        ),
        (
            {"result": "-EIO", "always": True, "taker": "igrab()", "returned": True},
            "",
            False,
            " before it returns -EIO, which it does whenever igrab() returns an inode",
        ),
        ({"result": "-EIO"}, "out", True, ""),
        ({"result": "-EIO", "repeated": True}, "out", False, " on any path through out"),
        ({"message": "f() returns with mutex m still locked"}, "out", False, " on every path through out"),
        ({"last": True}, "", False, " at its last return"),
        ({}, "", False, ""),
    ],
)
def test_the_ways(told, label, returned, said):
    """Four tests in a row are read better in the code, and `on one of its ways` sends the reader to look for it."""
    assert way_words([dataclasses.replace(WORDS, **told)], label, (0, ""), returned=returned) == said


@pytest.mark.parametrize(
    ("causes", "label", "jumps", "said"),
    [
        (("n > 1", "m > 2", "k > 3"), "", (5, "out"), " before five of its jumps to out"),
        (("n > 1", "m > 2", "k > 3"), "", (12, "out"), " before 12 of its jumps to out"),
        (("n > 1", "m > 2", "k > 3"), "low", (5, "out"), " on any path through low"),
        (("n > 1", "m > 2"), "", (2, "out"), " when n > 1, or m > 2"),
        (("g() fails", "h() fails", "k() fails"), "", (3, "out"), " when g(), h() or k() fails"),
    ],
)
def test_many_tests_are_not_read_aloud(causes, label, jumps, said):
    """Seven lines of C in a row tell nobody where that is."""
    assert way_words([dataclasses.replace(WORDS, causes=causes)], label, jumps, returned=False) == said


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        (("`box` is true", "`IS_ERR(box)` is false"), True),
        (("`box == NULL` is false",), True),
        (("`box` is true", "`count` is true"), False),
        (("`boxes` is true",), False),
        ((), False),
    ],
)
def test_what_is_asked_of_the_thing_alone(tests, said):
    """`Whenever it gets one` is untrue where something else is asked, too."""
    notes = ("`early` is false", "get() takes box", *tests, "`return -EIO;`")
    finding = SimpleNamespace(
        breach=SimpleNamespace(resource_name="box"), evidence=tuple(Step("a.c", 1, note) for note in notes)
    )
    assert always(finding) is said
