"""What a port tells: the same numbers everywhere, and no list without anything in it."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from cocci_gen.errors import UsageProblem
from cocci_gen.port.edits.application import Applied, NotApplied, Ported
from cocci_gen.port.lessons.rules import Declarations, Learned, PortRule, told
from cocci_gen.port.output.report import Port, check_own, kept_old, port_text, summary
from cocci_gen.port.remains.leftovers import Leftover


@pytest.mark.parametrize(
    ("others", "ending"),
    [((), "; the other 4 did not"), (("a.c: f()",), "; the other 4: a.c: f()")],
    ids=["unnamed", "named"],
)
def test_places_that_did_otherwise_are_named_or_only_counted(others, ending):
    """`the other 4: ` with nothing behind it stood in port.txt and in a mail."""
    assert told(Learned(27, 31, 12, (), others)).endswith(ending)


def test_what_is_left_has_one_count():
    """A terminal said 21, port.txt another number and a mail a third one."""
    rule = PortRule("r", "e", "a rule", "", Declarations(), ())
    refused = (NotApplied(rule, "a.c", "it was not let"),)
    left = (Leftover("a.c", 3, "f()", "gone", ()), Leftover("a.c", 7, "f()", "gone", ()))
    port = Port("old", "new", "room", (), (), Ported({}, {}, (), refused), left, {})

    assert "left for you (3 places)" in port_text(port)
    assert "left for you  3 places (see out/port.txt)" in list(summary(port, Path("out")))


def test_conditions_move_the_places_that_are_left():
    """Who looked for a place by its line would look at another one."""
    before, after = b"int a;\nint b;\nint c;\n", b"int a;\nlong b;\nint c;\n"
    left = (Leftover("a.c", 3, "c", "gone", ()),)
    port = Port("old", "new", "room", (), (), Ported({"a.c": after}, {}, (), ()), left, {})
    kept = kept_old(port, {"a.c": before}, (8, 2, 0))

    assert b"int c;" == kept.ported.texts["a.c"].split(b"\n")[kept.leftovers[0].line - 1]


@pytest.mark.parametrize(
    ("held", "refused"), [((), False), (("port.json", "diffs.txt"), False), (("mine.diff",), True)]
)
def test_a_port_takes_no_folder_that_holds_the_files_of_others(tmp_path, held, refused):
    """Diffs of the user's own, which lay in `diffs/`, went without a word."""
    for name in held:
        (tmp_path / name).write_text("")

    with pytest.raises(UsageProblem, match="of no port") if refused else nullcontext():
        check_own(tmp_path)


def test_rules_that_say_the_same_are_told_once():
    """One header that thirteen files need stood in port.txt seven times, once for each line that it could stand behind."""
    rules = tuple(PortRule(f"r{number}", "e", "#include <a.h>", "", Declarations(), ()) for number in range(2))
    applied = tuple(Applied(rule, path, b"", b"") for rule, path in zip(rules, ("a.c", "b.c"), strict=True))
    text = port_text(Port("old", "new", "room", (), rules, Ported({}, {}, applied, ()), (), {}))

    assert 1 == text.count("#include <a.h>")
    assert "#include <a.h> (2 files): from the declarations" in text


def test_one_part_of_the_tree_is_one():
    """`in 1 parts of the tree` is what a reader stumbles over."""
    assert "in 1 part of the tree" in told(Learned(4, 4, 1, (), ()))
