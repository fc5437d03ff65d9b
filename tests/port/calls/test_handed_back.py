"""Functions that take back what another one returns by now."""

import json

import pytest

from cocci_gen.port.calls.handed_back import handed_back, handed_back_rules
from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.store import dumped, loaded
from cocci_gen.port.texts.instances import read_code

OLD = b"void shut(struct gate *gate);\nvoid open(struct gate *gate);\n"
NEW = b"unsigned int __must_check shut(struct gate *gate);\nvoid open(struct gate *gate, unsigned int how);\n"
BEFORE = b"void f(struct gate *gate)\n{\n\tshut(gate);\n\tmend(gate);\n\topen(gate);\n}\n"
AFTER = (
    b"void f(struct gate *gate)\n{\n\tunsigned int how;\n\n\thow = shut(gate);\n\tmend(gate);\n\topen(gate, how);\n}\n"
)


def ways(*afters, new=NEW, excluded=()):
    """What functions of as many folders teach that are so by now."""
    evolutions = compare(*(read_headers([("include/linux/gate.h", text)]) for text in (OLD, new)), (), ())
    pairs = []
    for number, after in enumerate(afters):
        sides = [read_code([(f"fs/a{number}/a.c", text)], frozenset()).functions["f"][0] for text in (BEFORE, after)]
        pairs.append(Pair(*sides))
    return handed_back(evolutions, pairs, excluded)


def test_callers_of_both_show_what_is_handed_back():
    """A number would be given, or the lock that it stands for never be undone."""
    (one,) = ways(*[AFTER] * 3)

    assert ("shut", "open", "unsigned int", "how") == (one.giver.old.name, one.taker.old.name, one.type, one.name)
    assert (3, 3, 3) == (one.ground.shown, one.ground.of, one.ground.groups)
    assert one == loaded(json.loads(json.dumps(dumped(one))))


def test_who_calls_something_else_by_now_is_not_asked():
    """Three functions that were written anew would outvote those that show it."""
    assert 1 == len(ways(*[AFTER] * 3, *[AFTER.replace(b"shut(gate)", b"close_for(gate)")] * 3))


@pytest.mark.parametrize(
    "known",
    [
        ways(*[AFTER] * 2),
        ways(*[AFTER] * 3, excluded={"fs/a1"}),
        ways(*[AFTER.replace(b"gate, how", b"gate, 0")] * 3),
        ways(*[AFTER] * 3, AFTER.replace(b"gate, how", b"gate, 0")),
        ways(*[AFTER] * 3, new=NEW.replace(b"unsigned int how", b"long how")),
        ways(*[AFTER] * 3, new=NEW.replace(b"unsigned int how", b"unsigned int how, int more")),
        ways(*[AFTER] * 3, new=NEW.replace(b"unsigned int __must_check", b"void")),
    ],
    ids=["too few", "left out", "a constant", "one gives a constant", "another type", "one more", "nothing returned"],
)
def test_what_the_tree_or_the_headers_do_not_show_is_not_known(known):
    """What only has the same type would be given."""
    assert () == known


def ported(text, workshop):
    """The text after the rules for it."""
    rules = list(handed_back_rules(ways(*[AFTER] * 3), read_code([("a.c", text)], frozenset())))
    done = apply_rules(rules, {"a.c": text}, workshop.runner)
    assert () == done.refused
    return done.texts["a.c"]


MY = b"""\
int my_mend(struct my *my)
{
	int error = -EINVAL;
%s
	shut(my->gate);
	if (my->open) {
		open(my->gate%s);
		return error;
	}
	error = mend(my->gate);
	open(my->gate%s);
	return error;
}
"""
#: The same where the value is kept.
KEPT = MY.replace(b"\tint", b"\tunsigned int how;\n\tint", 1).replace(b"\tshut", b"\thow = shut")


def test_what_is_returned_is_kept_until_each_way_out(workshop):
    """One way out would open with what nobody knows."""
    assert KEPT % (b"", b", how", b", how") == ported(MY % (b"", b"", b""), workshop)


@pytest.mark.parametrize(
    "text",
    [
        MY % (b"\tint how = 0;", b"", b""),
        MY % (b"\tshut(my->other);", b"", b""),
        (MY % (b"", b"", b"")).replace(b"open(my->gate);\n\t\t", b"open(my->other);\n\t\t"),
        (MY % (b"", b"", b"")).replace(b"error = mend", b"later(open);\n\terror = mend"),
        (MY % (b"\topen(my->gate);", b"", b"")),
        b"void my_shut(struct my *my)\n{\n\tshut(my->gate);\n}\n",
        b"void my_shut(struct my *my)\n{\n\tif (my->gate)\n\t\tshut(my->gate);\n\topen(my->gate);\n}\n",
        b"void my_shut(struct my *my)\n{\n\tshut(my->gate);\n#ifdef X\n\topen(my->gate);\n#endif\n}\n",
    ],
    ids=[
        "the name is taken", "shut twice", "another gate", "given as a function", "opened before",
        "opened elsewhere", "shut on one way only", "a condition",
    ],
)  # fmt: skip
def test_where_it_is_not_sure_which_is_taken_back_nothing_changes(workshop, text):
    """What was shut otherwise would be opened with it, or with nothing that was set."""
    assert text == ported(text, workshop)
