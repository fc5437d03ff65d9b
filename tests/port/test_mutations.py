"""The small pair of kernels, mutated: one place of the tree kept the old form after all."""

from difflib import SequenceMatcher
from pathlib import Path

import pytest

from cocci_gen.port.lessons.rules import Learned

PAIR = Path(__file__).resolve().parents[2] / "corpus" / "port"
NAMES = ("ash", "beech", "cedar")


def changes(path):
    """The changes of one file between the kernels of the pair: (first, last) lines after, and the lines before."""
    old, new = ((PAIR / side / path).read_bytes().splitlines(keepends=True) for side in ("old", "new"))
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(start, end, old[first:last]) for tag, first, last, start, end in codes if tag != "equal"]


def mutants():
    """Each change of each file of the tree taken back."""
    paths = [f"fs/{name}/{file}.c" for name in NAMES for file in (name, "roost")]
    return [(path, number) for path in paths for number in range(len(changes(path)))]


def grounds(port):
    """The learned rules by what they do, with their counts."""
    return {rule.title: rule.ground for rule in port.rules if isinstance(rule.ground, Learned)}


def lines(texts):
    """All lines of some files."""
    return {line for text in texts.values() for line in text.split(b"\n")}


@pytest.mark.parametrize(("path", "number"), mutants())
def test_a_place_that_kept_the_old_form_lowers_support_and_invents_nothing(workshop, ported, pair, path, number):
    """A rule would be as sure as before although the tree contradicts it, or something be written that no example shows."""
    start, end, before = changes(path)[number]
    after = pair("new")[path].splitlines(keepends=True)
    port = workshop.port(new={path: b"".join([*after[:start], *before, *after[end:]])})
    was, now = grounds(ported), grounds(port)

    assert lines(port.ported.texts) <= lines(ported.ported.texts) | lines(pair("module"))
    assert not [title for title in now.keys() & was.keys() if now[title].shown > was[title].shown]
    # What the headers tell needs no example: the new name of a method, one that went, what declares a structure.
    by_headers = any(
        line.startswith((b"\t.reap", b"\t.resettle", b"#include")) for line in (*before, *after[start:end])
    )
    assert by_headers or now != was or port.ported.texts != ported.ported.texts
    assert port.ported.texts == ported.ported.texts or len(port.leftovers) > len(ported.leftovers)
