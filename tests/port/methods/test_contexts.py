"""Methods that went and whose work is done for a context by now: what the tree shows of it, and the code that follows."""

import json

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.evolutions import FunctionGone, MethodGone
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.methods.body_uses import Leaves
from cocci_gen.port.methods.context_rules import context_rules
from cocci_gen.port.methods.context_trees import Homes, Trees
from cocci_gen.port.methods.contexts import context_ways
from cocci_gen.port.store import dumped, loaded
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.trees import of_texts

HEADERS = {
    "include/linux/mill.h": b"""
struct mill_operations {
	int (*grind)(struct mill *m, int speed, void *grain);
	void (*stop)(struct mill *m);
};
struct stone_operations {
	int (*turn)(struct stone *s, int *speed, char *grain);
	void (*rest)(struct stone *s);
};
int grind_stone(struct mill *m, int speed, void *grain, int (*fill)(struct stone *s, void *grain, int quiet));
int grind_wheel(struct mill *m, int speed, void *grain, int (*fill)(struct stone *s, void *grain, int quiet));
"""
}
NEW_HEADERS = {
    "include/linux/mill.h": b"""
struct mill_operations {
	int (*start)(struct run *run);
	void (*stop)(struct mill *m);
};
struct stone_operations {
	void (*rest)(struct stone *s);
};
""",
    "include/linux/run.h": b"""
struct run_operations {
	int (*load)(struct run *run, char *grain);
	int (*grinding)(struct run *run);
	int (*turning)(struct run *run);
};
int run_stone(struct run *run, int (*fill)(struct stone *s, struct run *run));
int run_wheel(struct run *run, int (*fill)(struct stone *s, struct run *run));
""",
}

OLD = """\
#include <linux/mill.h>

static int NAME_turn(struct stone *s, int *speed, char *grain)
{
	*speed |= SLOW;
	return stone_stop(s);
}

static const struct stone_operations NAME_stone_operations = {
	.turn = NAME_turn,
	.rest = stone_rest,
};

static int NAME_fill(struct stone *s, void *grain, int quiet)
{
	s->ops = &NAME_stone_operations;
	return quiet ? 0 : stone_say(s);
}

static int NAME_grind(struct mill *m, int speed, void *grain)
{
	return grind_HELPER(m, speed, grain, NAME_fill);
}

static struct mill_operations NAME_operations = {
	.grind = NAME_grind,
	.stop = mill_stop,
};
"""
NEW = """\
#include <linux/mill.h>
#include <linux/run.h>

static int NAME_turning(struct run *run)
{
	struct stone *s = run->stone;

	run->speed |= SLOW;
	return stone_stop(s);
}

static const struct stone_operations NAME_stone_operations = {
	.rest = stone_rest,
};

static int NAME_fill(struct stone *s, struct run *run)
{
	int quiet = run->flags & QUIET;

	s->ops = &NAME_stone_operations;
	return quiet ? 0 : stone_say(s);
}

static int NAME_grinding(struct run *run)
{
	return run_HELPER(run, NAME_fill);
}

static const struct run_operations NAME_run_ops = {
	.grinding = NAME_grinding,
	.turning = NAME_turning,
};

static int NAME_start(struct run *run)
{
	run->ops = &NAME_run_ops;

	return 0;
}

static struct mill_operations NAME_operations = {
	.start = NAME_start,
	.stop = mill_stop,
};
"""
MILLS = {"a": "stone", "b": "stone", "c": "stone", "d": "wheel"}
METHODS = frozenset({"grind", "turn"})


def mill(text, name, helper="stone"):
    """The file of one mill."""
    return text.replace("NAME", name).replace("HELPER", helper).encode()


def ways(mills, excluded=(), changed=lambda old, new: (old, new), each=lambda name, old, new: (old, new)):
    """What some mills of the tree teach; the first of them as it is `changed`, each of them as `each` says."""
    first, *_ = mills
    olds = {f"fs/{name}/a.c": mill(OLD, name, kind) for name, kind in mills.items()}
    news = {f"fs/{name}/a.c": mill(NEW, name, kind) for name, kind in mills.items()}
    path = f"fs/{first}/a.c"
    olds[path], news[path] = changed(olds[path], news[path])
    for name in mills:
        path = f"fs/{name}/a.c"
        olds[path], news[path] = each(name, olds[path], news[path])
    old, new = read_code(olds.items(), METHODS), read_code(news.items(), METHODS)
    before, after = read_headers(HEADERS.items()), read_headers(NEW_HEADERS.items())
    evolutions = compare(before, after, (), ())
    assert {"mill_operations.grind", "stone_operations.turn"} == {
        one.id for one in evolutions if isinstance(one, MethodGone)
    }
    assert {"grind_stone()", "grind_wheel()"} == {one.id for one in evolutions if isinstance(one, FunctionGone)}
    pairs = {
        (one.path, name): Pair(one, new.functions[name][0])
        for name, ones in old.functions.items()
        for one in ones
        if name in new.functions
    }
    trees = Trees(
        old, new, pairs, lambda path: before, lambda path: after, Homes(of_texts("new", NEW_HEADERS)).of, Habits([])
    )
    return context_ways(evolutions, trees, excluded)


def ported(workshop, text, taught=None):
    """A mill after the rules, and the reasons of those that no rule reaches."""
    texts = {"mill.c": text}
    rules, refused = context_rules(ways(MILLS) if taught is None else taught, read_code(texts.items(), METHODS))
    result = apply_rules(rules, texts, workshop.runner)
    assert () == result.refused
    return result.texts["mill.c"].decode(), [one.reason for _, one in refused]


@pytest.mark.parametrize("kind", ["stone", "wheel"])
def test_a_mill_follows_as_the_others_did(workshop, kind):
    """Whoever hands nothing of his own on would have to do by hand what all others did alike; one example of a helper is enough
    where its name and prototype changed as those of the common one."""
    text, left = ported(workshop, mill(OLD, "mine", kind))

    assert [] == left
    assert mill(NEW, "mine", kind).decode().split() == text.split()


def test_the_same_again_changes_nothing(workshop):
    """A module that is ported would get a second table."""
    new = mill(NEW, "mine").decode()

    assert (new, []) == ported(workshop, new.encode())


def test_a_declaration_in_front_follows(workshop):
    """The declaration of a function with another name would be left."""
    first = b"static int mine_turn (struct stone *s, int *speed, char *grain);\n"
    text, left = ported(workshop, first + mill(OLD, "mine"))

    assert [] == left
    assert "static int mine_turning (struct run *run);" in text
    assert "mine_turn(" not in text


NOBODY = "which nobody hands on any more"
STEP = "grind_stone(), which is run_stone() by now"
TWO = "};\nstatic struct stone_operations more = {\n\t.turn = stone_turn,\n};"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("return quiet ?", "return grain && quiet ?", f"NAME_fill() uses `void *grain`, {NOBODY}"),
        ("\t*speed |= SLOW;", "\t*speed |= say(grain);", f"NAME_turn() uses `char *grain`, {NOBODY}"),
        ("\t*speed |= SLOW;", "\tslow(speed);", f"NAME_turn() uses `int *speed`, {NOBODY}"),
        (
            "grind_stone(m, speed,",
            "grind_stone(m, speed | FAST,",
            f"it gives {STEP}, something else than its own parameters",
        ),
        ("\treturn grind_stone", "\tmill_count(m);\n\treturn grind_stone", f"beside {STEP}, it calls mill_count()"),
        (
            "\treturn grind_stone(m, speed, grain, NAME_fill);",
            "\tint done = grind_stone(m, speed, grain, NAME_fill);\n\n\tif (is_bad(done))\n\t\tsay(done);\n\treturn done;",
            f"it does more than to return what it gets from {STEP}: it calls is_bad(), say()",
        ),
        (
            "return grind_stone(m, speed, grain, NAME_fill);",
            "return grind_by_hand(m, grain);",
            "of the helpers whose successors the tree shows (grind_stone, grind_wheel) it calls none of them",
        ),
        ("return stone_stop(s);", "return NAME_fill(s, NULL, 1);", "NAME_fill() is used elsewhere as well"),
        ("static int NAME_grind", "int NAME_start;\nstatic int NAME_grind", "NAME_start means something else here"),
        ("\t.rest = stone_rest,\n};", TWO, "which ->turn belongs to it is not sure"),
    ],
)
def test_what_the_context_does_not_have_is_left_as_a_whole(workshop, old, new, reason):
    """Half of a mill would be carried over, or its options lost without a word."""
    text = OLD.replace("HELPER", "stone").replace(old, new)
    assert text != OLD.replace("HELPER", "stone")
    text = mill(text, "mine")

    assert (text.decode(), [reason.replace("NAME", "mine")]) == ported(workshop, text)


def test_two_mills_in_two_folders_follow_both(workshop):
    """A developer who ports all mills of the tree at once would get none."""
    texts = {f"fs/{name}/mill.c": mill(OLD, name) for name in ("x", "y")}
    rules, refused = context_rules(ways(MILLS), read_code(texts.items(), METHODS))
    result = apply_rules(rules, texts, workshop.runner)

    assert [] == refused
    assert [mill(NEW, name).split() for name in ("x", "y")] == [text.split() for text in result.texts.values()]


def test_what_moves_and_stands_in_another_folder_of_the_same_mill_is_not_sure():
    """Its table would still name the method, beside a context that does not."""
    cut = OLD.index("static int NAME_fill")
    texts = {"mill.c": mill(OLD[cut:], "x"), "stones/stone.c": mill(OLD[:cut], "x")}
    rules, refused = context_rules(ways(MILLS), read_code(texts.items(), METHODS))

    assert [] == rules
    assert ["x_turn() does not stand in front of it"] == [one.reason for _, one in refused]


def test_a_mill_without_the_method_that_moved_gets_no_entry_for_it(workshop):
    """A table would name a function that is nowhere."""
    text = OLD[: OLD.index("static int NAME_turn")] + OLD[OLD.index("static const") :].replace(
        "\t.turn = NAME_turn,\n", ""
    )
    after, left = ported(workshop, mill(text, "mine"))

    assert [] == left
    assert ".grinding = mine_grinding,\n};" in after
    assert "turning" not in after


def otherwise(old, new):
    """A mill that could have gone the way and counts something in the entry of its table."""
    handing = b"{\n\treturn run_stone("
    assert handing in new
    return old, new.replace(handing, b"{\n\trun_count(run);\n\treturn run_stone(")


def test_who_did_otherwise_is_counted_and_named():
    """A way with exceptions would be sold as one without."""
    (way,) = ways(dict.fromkeys("abcdef", "stone"), changed=otherwise)

    assert (5, 6, ("fs/a/a.c: a_grind()",)) == (way.ground.shown, way.ground.of, way.ground.others)


def test_a_way_that_one_of_four_did_not_go_is_none():
    """Three of four are no agreement for heads and calls either."""
    assert () == ways(dict.fromkeys("abcd", "stone"), changed=otherwise)


def test_who_had_options_contradicts_nobody():
    """File systems whose callback reads options have to do more; they would outvote those that need not."""

    def with_options(old, new):
        old, new = otherwise(old, new)
        return old.replace(b"stone_say(s)", b"stone_say(s, grain)"), new

    (way,) = ways(dict.fromkeys("abcd", "stone"), changed=with_options)

    assert (3, 3, ()) == (way.ground.shown, way.ground.of, way.ground.others)


LOADS = b"\t.turning"


def loading(*names):
    """Some mills use what was handed on, and load it by now."""

    def changed(name, old, new):
        if name not in names:
            return old, new
        load = f"static int {name}_load(struct run *run, char *grain)\n{{\n\treturn 0;\n}}\n\n".encode()
        entry = f"\t.load = {name}_load,\n".encode()
        new = new.replace(b"static const struct run_op", load + b"static const struct run_op").replace(
            LOADS, entry + LOADS
        )
        return old.replace(b"stone_say(s)", b"stone_say(s, grain)"), otherwise(old, new)[1]

    return changed


def test_what_others_did_with_what_nobody_hands_on_is_told(workshop):
    """A person would look for it in all files of the tree; what the others have as well (->grinding) is none of it."""
    mills = dict.fromkeys("abcdefg", "stone")
    text = mill(OLD.replace("stone_say(s)", "stone_say(s, grain)"), "mine")
    (reason,) = ported(workshop, text, ways(mills, each=loading(*"abc")))[1]
    few = ways(mills, each=loading(*"ab"))

    told = "of 3 files that used it, 3 have ->load by now (fs/a/a.c, fs/b/a.c, fs/c/a.c)"
    assert f"mine_fill() uses `void *grain`, {NOBODY}; {told}" == reason
    assert [""] == [way.instead for way in few]


@pytest.mark.parametrize("mills", [{"a": "stone", "b": "stone"}, {"d": "wheel", "e": "wheel"}])
def test_two_mills_are_no_way_of_the_tree(mills):
    """Two functions alike would rule all others."""
    assert () == ways(mills)


def test_the_mill_at_hand_teaches_nothing_about_itself():
    """A replay would show the port its own answer."""
    assert () == ways({"a": "stone", "b": "stone", "c": "stone"}, {"fs/c"})
    (way,) = ways({"a": "stone", "b": "stone", "c": "stone", "e": "stone"}, {"fs/c"})
    assert 3 == way.ground.shown


def test_what_the_old_function_handed_on_is_in_no_context():
    """A body would read options from where nobody put them, and the compiler would be content."""
    (way,) = ways(MILLS)

    assert all(isinstance(one.plan.uses[1], Leaves) for one in way.helpers)


def test_a_way_is_kept_as_it_was_learned():
    """The second port of a day would do otherwise than the first."""
    taught = ways(MILLS)

    assert taught == loaded(json.loads(json.dumps(dumped(taught))))
